using System.Diagnostics;
using System.Text;

namespace TransformerClinic.Bench.Clients;

/// <summary>What a client printed, and how long it took with its start.</summary>
/// <param name="Lines">A line for each that it was sent.</param>
/// <param name="Seconds">From its start to its end.</param>
internal sealed record ClientProcess(string[] Lines, double Seconds)
{
    /// <summary>Sends lines to a command and reads what it prints.</summary>
    public static ClientProcess Run(string[] command, IEnumerable<string> lines)
    {
        var encoding = new UTF8Encoding(encoderShouldEmitUTF8Identifier: false);
        var watch = Stopwatch.StartNew();
        using var process = Process.Start(
            new ProcessStartInfo(command[0], command[1..])
            {
                RedirectStandardInput = true,
                RedirectStandardOutput = true,
                StandardInputEncoding = encoding,
                StandardOutputEncoding = encoding,
            }
        )!;
        var output = process.StandardOutput.ReadToEndAsync();
        foreach (var line in lines)
        {
            process.StandardInput.Write(line + "\n");
        }

        process.StandardInput.Close();
        process.WaitForExit();
        return process.ExitCode == 0
            ? new ClientProcess(output.Result.TrimEnd('\n').Split('\n'), watch.Elapsed.TotalSeconds)
            : throw new InvalidOperationException($"{command[0]} ended with {process.ExitCode}.");
    }
}
