using System.Diagnostics;
using TransformerClinic.Common;
using TransformerClinic.Files;

namespace TransformerClinic.Bench.Training;

/// <summary>A build's bench that trains on request (<see cref="UpdatesCommand"/>) until this is disposed.</summary>
internal sealed class TrainingProcess : IDisposable
{
    private readonly string _program;
    private readonly Process _process;

    /// <summary>Starts it.</summary>
    /// <param name="folder">Where its bench.dll is.</param>
    /// <param name="arguments">Its command line.</param>
    /// <exception cref="UserErrorException">It is not there.</exception>
    public TrainingProcess(string folder, IEnumerable<string> arguments)
    {
        _program = Path.Combine(folder, "bench.dll");
        if (!File.Exists(_program))
        {
            throw new UserErrorException($"There is no {_program}.");
        }

        _process = Process.Start(
            new ProcessStartInfo("dotnet", [_program, .. arguments])
            {
                RedirectStandardInput = true,
                RedirectStandardOutput = true,
            }
        )!;
    }

    /// <summary>Has it make some updates.</summary>
    /// <exception cref="UserErrorException">It has ended, for example because it does not know the command.</exception>
    public UpdateTimes Run(string precision, int updates)
    {
        try
        {
            _process.StandardInput.WriteLine($"{precision} {updates}");
            _process.StandardInput.Flush();
        }
        catch (IOException)
        {
            throw Ended();
        }

        return Json.FromLine<UpdateTimes>(_process.StandardOutput.ReadLine() ?? throw Ended())!;
    }

    public void Dispose()
    {
        try
        {
            _process.StandardInput.Close();
        }
        catch (IOException)
        {
            // It has ended, and what it was asked last did not reach it.
        }

        _process.WaitForExit();
        _process.Dispose();
    }

    private UserErrorException Ended() => new($"{_program} has ended; what it wrote says why.");
}
