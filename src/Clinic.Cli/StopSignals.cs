using System.Runtime.InteropServices;

namespace TransformerClinic.Cli;

/// <summary>
/// Ctrl-C and SIGTERM as a cancellation: the first asks for an orderly stop, the second ends the process. SIGUSR1,
/// which launchers of several processes hand on to all of them, asks for an orderly stop however often it comes: a
/// launcher may send it once more to a process that has stopped and is about to end. Once this is disposed, the first
/// of the other signals ends the process.
/// </summary>
internal sealed class StopSignals : IDisposable
{
    // .NET has no name for it; the number is that of the system.
    private static readonly PosixSignal UserSignal = (PosixSignal)(OperatingSystem.IsLinux() ? 10 : 30);

    // Until the process ends.
    private static readonly PosixSignalRegistration? UserSignalIgnored = OperatingSystem.IsWindows()
        ? null
        : PosixSignalRegistration.Create(UserSignal, context => context.Cancel = true);

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

        void HandleUser(PosixSignalContext context)
        {
            context.Cancel = true;
            if (!_stop.IsCancellationRequested)
            {
                error.WriteLine("clinic: stopping after this step.");
                _stop.Cancel();
            }
        }

        _registrations =
        [
            PosixSignalRegistration.Create(PosixSignal.SIGINT, Handle),
            PosixSignalRegistration.Create(PosixSignal.SIGTERM, Handle),
            .. UserSignalIgnored is null
                ? []
                : (PosixSignalRegistration[])[PosixSignalRegistration.Create(UserSignal, HandleUser)],
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
