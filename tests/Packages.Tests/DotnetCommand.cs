using System.Collections;
using System.Diagnostics;

namespace TransformerClinic.Packages.Tests;

/// <summary>The dotnet command as a process of its own, as if typed in a shell.</summary>
internal static class DotnetCommand
{
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(20);

    /// <summary>Runs it to its end and returns its standard output; a failure is the test's.</summary>
    public static string Run(
        string folder,
        IReadOnlyDictionary<string, string> environment,
        params string[] arguments
    ) => Run(Environment.GetEnvironmentVariable("DOTNET_HOST_PATH") ?? "dotnet", folder, environment, arguments);

    /// <summary>The same of another program, in the folder of the tests.</summary>
    public static string RunProgram(string program, params string[] arguments) =>
        Run(program, AppContext.BaseDirectory, new Dictionary<string, string>(), arguments);

    private static string Run(
        string program,
        string folder,
        IReadOnlyDictionary<string, string> environment,
        string[] arguments
    )
    {
        using var process = Process.Start(Prepare(program, folder, environment, arguments))!;
        var output = process.StandardOutput.ReadToEndAsync();
        var error = process.StandardError.ReadToEndAsync();
        if (!process.WaitForExit(Patience))
        {
            process.Kill(entireProcessTree: true);
            Assert.Fail($"{program} {arguments[0]} did not end in {Patience}.");
        }

        Assert.True(
            process.ExitCode == 0,
            $"{program} {string.Join(' ', arguments)}{Environment.NewLine}{output.Result}{error.Result}"
        );
        return output.Result;
    }

    private static ProcessStartInfo Prepare(
        string program,
        string folder,
        IReadOnlyDictionary<string, string> environment,
        string[] arguments
    )
    {
        var start = new ProcessStartInfo(program, arguments)
        {
            WorkingDirectory = folder,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };

        // `dotnet test` hands on where its own build system lies; this is to be a build like any other.
        foreach (
            var name in Environment.GetEnvironmentVariables().Cast<DictionaryEntry>().Select(entry => (string)entry.Key)
        )
        {
            if (name.StartsWith("MSBUILD", StringComparison.OrdinalIgnoreCase))
            {
                start.Environment.Remove(name);
            }
        }

        ShortLivedProcess.Prepare(start);
        foreach (var (name, value) in environment)
        {
            start.Environment[name] = value;
        }

        return start;
    }
}
