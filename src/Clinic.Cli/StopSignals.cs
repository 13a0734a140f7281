using System.Runtime.InteropServices;

namespace TransformerClinic.Cli;

/// <summary>
/// Ctrl-C and SIGTERM as a cancellation: the first asks for an orderly stop, the second ends the process. Once this is
/// disposed, the first ends the process.
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
            error.WriteLine("clinic: stopping after this step; repeat to end at once.");
            _stop.Cancel();
        }

        _registrations =
        [
            PosixSignalRegistration.Create(PosixSignal.SIGINT, Handle),
            PosixSignalRegistration.Create(PosixSignal.SIGTERM, Handle),
        ];
    }

    /// <summary>Canceled by the first signal.</summary>
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
