using System.Diagnostics;
using System.Globalization;
using System.Text.Json;

namespace TransformerClinic.Cli.Tests;

/// <summary>How a run of the command ended.</summary>
internal sealed record ClinicResult(int ExitCode, string Output, string Error);

/// <summary>The command as a separate process, as a user starts it.</summary>
internal static class ClinicProcess
{
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(3);

    /// <summary>The command itself.</summary>
    public static string Program =>
        Path.Combine(AppContext.BaseDirectory, OperatingSystem.IsWindows() ? "clinic.exe" : "clinic");

    public static ClinicResult Run(params string[] arguments) => Run("", arguments);

    public static ClinicResult Run(string input, string[] arguments)
    {
        using var process = Start(arguments);
        process.StandardInput.Write(input);
        process.StandardInput.Close();
        return Finish(process);
    }

    /// <summary>Starts the command; end it with <see cref="Finish"/>.</summary>
    public static Process Start(params string[] arguments) => Start(Program, arguments);

    /// <summary>Starts the command through another program.</summary>
    public static Process Start(string program, string[] arguments)
    {
        var start = new ProcessStartInfo(program, arguments)
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        ShortLivedProcess.Prepare(start);
        return Process.Start(start)!;
    }

    /// <summary>Waits until something has happened in a running process.</summary>
    public static void WaitUntil(Process process, Func<bool> happened)
    {
        var clock = Stopwatch.StartNew();
        while (!happened())
        {
            if (clock.Elapsed > Patience || (process.HasExited && !happened()))
            {
                Assert.Fail($"clinic did not come to it: {Finish(process).Error}");
            }

            Thread.Sleep(5);
        }
    }

    /// <summary>Sends a signal, such as <c>INT</c>, to the process.</summary>
    public static void Signal(Process process, string signal)
    {
        using var kill = Process.Start("kill", [$"-{signal}", process.Id.ToString(CultureInfo.InvariantCulture)]);
        kill.WaitForExit();
    }

    /// <summary>Whether this process was started with SIGINT ignored, which its children inherit.</summary>
    public static bool InterruptsAreIgnored()
    {
        const string status = "/proc/self/status";
        const int interruptBit = 1 << (2 - 1);
        return File.Exists(status)
            && File.ReadLines(status).FirstOrDefault(line => line.StartsWith("SigIgn:", StringComparison.Ordinal))
                is { } ignored
            && (Convert.ToUInt64(ignored[7..].Trim(), 16) & interruptBit) != 0;
    }

    /// <summary>The update in the last complete line of a log; 0 if there is none.</summary>
    public static long LastStep(string log)
    {
        if (!File.Exists(log))
        {
            return 0;
        }

        using var reader = new StreamReader(new FileStream(log, FileMode.Open, FileAccess.Read, FileShare.ReadWrite));
        return reader
            .ReadToEnd()
            .Split('\n')[..^1]
            .Select(line => JsonDocument.Parse(line).RootElement.GetProperty("step").GetInt64())
            .LastOrDefault();
    }

    public static ClinicResult Finish(Process process)
    {
        var output = process.StandardOutput.ReadToEndAsync();
        var error = process.StandardError.ReadToEndAsync();
        if (!process.WaitForExit(Patience))
        {
            process.Kill(entireProcessTree: true);
            Assert.Fail($"clinic did not end in {Patience}: {error.Result}");
        }

        return new ClinicResult(process.ExitCode, output.Result, error.Result);
    }
}
