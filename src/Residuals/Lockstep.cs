using System.Runtime.ExceptionServices;

namespace TransformerClinic.Residuals;

/// <summary>
/// Runs participants in turn, each on a thread of its own and only one at a time, from one rendezvous to the next: when
/// the first continues after a rendezvous, all have reached it. What one throws ends the others at their next turn and
/// is thrown.
/// </summary>
internal sealed class Lockstep(int count)
{
    private readonly SemaphoreSlim[] _turns = [.. Enumerable.Range(0, count).Select(_ => new SemaphoreSlim(0))];
    private readonly bool[] _ended = new bool[count];
    private ExceptionDispatchInfo? _failure;

    /// <summary>Whose turn it is.</summary>
    public int Current { get; private set; }

    /// <summary>Runs all participants to their ends.</summary>
    public void Run(Action<int> participant)
    {
        if (count == 1)
        {
            participant(0);
            return;
        }

        var threads = Enumerable
            .Range(0, count)
            .Select(i => new Thread(() => Take(i, participant)) { IsBackground = true })
            .ToList();
        threads.ForEach(thread => thread.Start());
        _turns[0].Release();
        threads.ForEach(thread => thread.Join());
        foreach (var turn in _turns)
        {
            turn.Dispose();
        }

        _failure?.Throw();
    }

    /// <summary>Hands the turn on and comes back when it is this participant's again.</summary>
    /// <exception cref="OperationCanceledException">Another participant failed.</exception>
    public void Rendezvous()
    {
        if (count == 1)
        {
            return;
        }

        var me = Current;
        PassOn();
        Await(me);
    }

    private void Take(int me, Action<int> participant)
    {
        try
        {
            Await(me);
            participant(me);
        }
#pragma warning disable CA1031 // Whatever a participant throws is thrown again on the caller's thread.
        catch (Exception exception)
#pragma warning restore CA1031
        {
            _failure ??= ExceptionDispatchInfo.Capture(exception);
        }

        _ended[me] = true;
        PassOn();
    }

    private void Await(int me)
    {
        _turns[me].Wait();
        Current = me;
        if (_failure is not null)
        {
            throw new OperationCanceledException("Another part failed.");
        }
    }

    private void PassOn()
    {
        for (var i = 1; i <= count; i++)
        {
            var next = (Current + i) % count;
            if (!_ended[next])
            {
                _turns[next].Release();
                return;
            }
        }
    }
}
