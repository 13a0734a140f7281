using System.Diagnostics;

namespace TransformerClinic.Cli.Tests;

/// <summary>How a run of the command ended.</summary>
internal sealed record ClinicResult(int ExitCode, string Output, string Error);

/// <summary>The command as a process of its own, as a user starts it.</summary>
internal static class ClinicProcess
{
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(3);

    public static ClinicResult Run(params string[] arguments) => Run("", arguments);

    public static ClinicResult Run(string input, string[] arguments)
    {
        using var process = Start(arguments);
        process.StandardInput.Write(input);
        process.StandardInput.Close();
        return Finish(process);
    }

    /// <summary>Starts the command; end it with <see cref="Finish"/>.</summary>
    public static Process Start(params string[] arguments)
    {
        var start = new ProcessStartInfo(Path.Combine(AppContext.BaseDirectory, OperatingSystem.IsWindows() ? "clinic.exe" : "clinic"), arguments)
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        return Process.Start(start)!;
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
