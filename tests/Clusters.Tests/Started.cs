using System.Diagnostics;
using System.Globalization;
using System.Text;

namespace TransformerClinic.Clusters.Tests;

/// <summary>How a command ended, and all that it printed.</summary>
internal sealed record Ended(int ExitCode, string Output, string Error)
{
    public string All => Output + Error;
}

/// <summary>A launcher while it runs. Whatever it started is gone when the test is over.</summary>
internal sealed class Started : IDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(3);

    private readonly Process _process;
    private readonly StringBuilder _output = new();
    private readonly StringBuilder _error = new();

    private Started(Process process) => _process = process;

    /// <summary>What has been printed so far.</summary>
    public string All
    {
        get
        {
            lock (_output)
            {
                return $"{_output}{_error}";
            }
        }
    }

    /// <summary>Whether it has ended.</summary>
    public bool HasEnded => _process.HasExited;

    /// <summary>Starts a command line.</summary>
    public static Started Start(string[] command, params (string Name, string Value)[] variables)
    {
        var start = new ProcessStartInfo(command[0], command[1..])
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        ShortLivedProcess.Prepare(start);
        start.Environment["OMPI_ALLOW_RUN_AS_ROOT"] = "1";
        start.Environment["OMPI_ALLOW_RUN_AS_ROOT_CONFIRM"] = "1";
        foreach (var (name, value) in variables)
        {
            start.Environment[name] = value;
        }

        var started = new Started(Process.Start(start)!);
        started._process.StandardInput.Close();
        started._process.OutputDataReceived += (_, line) => started.Add(started._output, line.Data);
        started._process.ErrorDataReceived += (_, line) => started.Add(started._error, line.Data);
        started._process.BeginOutputReadLine();
        started._process.BeginErrorReadLine();
        return started;
    }

    /// <summary>Runs a command line to its end.</summary>
    public static Ended Run(string[] command, params (string Name, string Value)[] variables)
    {
        using var started = Start(command, variables);
        return started.End();
    }

    /// <summary>Waits for the end.</summary>
    public Ended End()
    {
        Assert.True(_process.WaitForExit(Patience), $"no end within {Patience}:\n{All}");
        _process.WaitForExit(); // until all output has been read
        return new Ended(_process.ExitCode, _output.ToString(), _error.ToString());
    }

    /// <summary>Waits until something has happened.</summary>
    public void WaitUntil(Func<bool> happened)
    {
        var clock = Stopwatch.StartNew();
        while (!happened())
        {
            Assert.False(_process.HasExited && !happened(), $"it ended before:\n{All}");
            Assert.True(clock.Elapsed < Patience, $"not within {Patience}:\n{All}");
            Thread.Sleep(20);
        }
    }

    /// <summary>Sends a signal, such as <c>USR1</c>, to the launcher.</summary>
    public void Signal(string signal) => Signal(_process.Id, signal);

    /// <summary>Sends a signal to a process.</summary>
    public static void Signal(int process, string signal)
    {
        using var kill = Process.Start("kill", [$"-{signal}", process.ToString(CultureInfo.InvariantCulture)]);
        kill.WaitForExit();
    }

    public void Dispose()
    {
        if (!_process.HasExited)
        {
            _process.Kill(entireProcessTree: true);
        }

        _process.Dispose();
    }

    private void Add(StringBuilder text, string? line)
    {
        lock (_output)
        {
            text.Append(line).Append('\n');
        }
    }
}
