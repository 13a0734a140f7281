using System.Diagnostics;
using TransformerClinic.Files;

namespace TransformerClinic.Bench.Training;

/// <summary>A build's bench that trains on request (<see cref="UpdatesCommand"/>) until this is disposed.</summary>
internal sealed class TrainingProcess : IDisposable
{
    private readonly Process _process;

    /// <summary>Starts it.</summary>
    /// <param name="folder">Where its bench.dll is.</param>
    /// <param name="arguments">Its command line.</param>
    public TrainingProcess(string folder, IEnumerable<string> arguments)
    {
        _process = Process.Start(
            new ProcessStartInfo("dotnet", [Path.Combine(folder, "bench.dll"), .. arguments])
            {
                RedirectStandardInput = true,
                RedirectStandardOutput = true,
            }
        )!;
    }

    /// <summary>Has it make some updates.</summary>
    public UpdateTimes Run(string precision, int updates)
    {
        _process.StandardInput.WriteLine($"{precision} {updates}");
        _process.StandardInput.Flush();
        return Json.FromLine<UpdateTimes>(
            _process.StandardOutput.ReadLine()
                ?? throw new InvalidOperationException("The process that trains has ended; see its message.")
        )!;
    }

    public void Dispose()
    {
        _process.StandardInput.Close();
        _process.WaitForExit();
        _process.Dispose();
    }
}
