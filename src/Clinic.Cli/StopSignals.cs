using System.Runtime.InteropServices;

namespace TransformerClinic.Cli;

/// <summary>
/// Ctrl-C and SIGTERM as a cancellation: the first asks for an orderly stop, the second ends the process. Results are printed
/// when this is disposed of: from then on the first signal ends the process, even if nobody reads what it prints.
/// </summary>
internal sealed class StopSignals : IDisposable
{
    private readonly CancellationTokenSource _stop = new();
    private readonly PosixSignalRegistration[] _registrations;

    public StopSignals(TextWriter error)
    {
        void Handle(PosixSignalContext context)
        {
            if (_stop.IsCancellationRequested)
            {
                return;
            }

            context.Cancel = true;
            error.WriteLine("clinic: stopping after this step; once more to end at once.");
            _stop.Cancel();
        }

        _registrations = [PosixSignalRegistration.Create(PosixSignal.SIGINT, Handle), PosixSignalRegistration.Create(PosixSignal.SIGTERM, Handle)];
    }

    /// <summary>The result of work that the first signal asks to stop.</summary>
    public static T During<T>(Func<CancellationToken, T> work)
    {
        using var signals = new StopSignals(Console.Error);
        return work(signals.Token);
    }

    /// <summary>Cancelled by the first signal.</summary>
    public CancellationToken Token => _stop.Token;

    /// <inheritdoc/>
    public void Dispose()
    {
        foreach (var registration in _registrations)
        {
            registration.Dispose();
        }

        _stop.Dispose();
    }
}
