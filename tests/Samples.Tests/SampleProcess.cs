using System.Diagnostics;
using System.Globalization;
using System.Reflection;

namespace Samples.Tests;

/// <summary>A sample as a separate process, as a reader starts it, and the files it wrote.</summary>
internal sealed class SampleProcess : IDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(5);

    private readonly TemporaryFolder _folder = new();

    private SampleProcess(Func<string, int> run) =>
        (ExitCode, Output, Error) = (run(_folder.FullName), "", "It ran in the process of the tests.");

    public SampleProcess(string program, params string[] arguments)
    {
        var start = new ProcessStartInfo(
            Path.Combine(AppContext.BaseDirectory, OperatingSystem.IsWindows() ? $"{program}.exe" : program),
            [.. arguments, "--output", _folder.FullName]
        )
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        ShortLivedProcess.Prepare(start);
        using var process = Process.Start(start)!;
        var output = process.StandardOutput.ReadToEndAsync();
        var error = process.StandardError.ReadToEndAsync();
        if (!process.WaitForExit(Patience))
        {
            process.Kill(entireProcessTree: true);
            Assert.Fail($"{program} did not end in {Patience}: {error.Result}");
        }

        (ExitCode, Output, Error) = (process.ExitCode, output.Result, error.Result);
    }

    /// <summary>
    /// The same program in the process of the tests: it starts and compiles for longer than a small network trains.
    /// What it prints goes where the tests print.
    /// </summary>
    public static SampleProcess Here(string program, params string[] arguments) =>
        new(folder =>
            (int)Assembly.Load(program).EntryPoint!.Invoke(null, [(string[])[.. arguments, "--output", folder]])!
        );

    public int ExitCode { get; }

    public string Output { get; }

    public string Error { get; }

    public IReadOnlyList<string> Files =>
        [
            .. Directory
                .EnumerateFiles(_folder.FullName)
                .Select(path => Path.GetFileName(path))
                .Order(StringComparer.Ordinal),
        ];

    public string Read(string file) => File.ReadAllText(_folder.PathOf(file));

    /// <summary>The held-out losses of a variant, from the CSV.</summary>
    public IReadOnlyList<double> HeldOut(string variant) =>
        [
            .. Read(Files.Single(file => file.EndsWith(".csv", StringComparison.Ordinal)))
                .Split('\n')
                .Select(line => line.Split(','))
                .Where(fields => fields[0] == variant)
                .Select(fields => double.Parse(fields[3], CultureInfo.InvariantCulture)),
        ];

    public void Dispose() => _folder.Dispose();
}
