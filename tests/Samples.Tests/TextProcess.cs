using System.Diagnostics;

namespace Samples.Tests;

/// <summary>A program that reads lines and prints lines.</summary>
internal sealed record TextProcess(int ExitCode, string Output, string Error)
{
    /// <summary>Runs a program of this folder.</summary>
    public static TextProcess Run(string program, IEnumerable<string> arguments, string input = "")
    {
        using var process = Process.Start(
            new ProcessStartInfo(
                Path.Combine(AppContext.BaseDirectory, OperatingSystem.IsWindows() ? $"{program}.exe" : program),
                [.. arguments]
            )
            {
                RedirectStandardInput = true,
                RedirectStandardOutput = true,
                RedirectStandardError = true,
            }
        )!;
        var output = process.StandardOutput.ReadToEndAsync();
        var error = process.StandardError.ReadToEndAsync();
        process.StandardInput.Write(input);
        process.StandardInput.Close();
        process.WaitForExit();
        return new TextProcess(process.ExitCode, output.Result, error.Result);
    }
}
