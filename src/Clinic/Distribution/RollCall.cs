using System.Runtime.InteropServices;

namespace TransformerClinic.Distribution;

/// <summary>
/// All processes report to the first, which answers twice: at once that it is here itself, and later who else is not.
/// So each of them knows whom it has been waiting for.
/// </summary>
internal sealed unsafe class RollCall : IDisposable
{
    private const int HereTag = 1;
    private const int FirstTag = 2;
    private const int AnswerTag = 3;

    private const int AnswerLength = 1 + MissingProcesses.MostNamed; // how many are missing, and the first of them
    private const int AnswerBytes = AnswerLength * sizeof(int);

    // The others learn later than the first process that somebody is missing, by the time that the answer takes.
    private static readonly TimeSpan AnswerTime = TimeSpan.FromSeconds(5);

    private readonly MpiLibrary _mpi;
    private readonly int _rank;
    private readonly int _count;
    private readonly TimeSpan _patience;

    // Native memory: when a process is missing, the library may use it as long as it lives.
    private readonly byte* _here; // by rank; the own one is what is sent
    private readonly int* _answer;
    private readonly nint* _hereRequests; // by rank, as the following
    private readonly nint* _firstRequests;
    private readonly nint* _answerRequests;

    /// <param name="mpi">The library, entered.</param>
    /// <param name="rank">This process.</param>
    /// <param name="count">The number of processes.</param>
    /// <param name="patience">How long processes wait for each other.</param>
    public RollCall(MpiLibrary mpi, int rank, int count, TimeSpan patience)
    {
        (_mpi, _rank, _count, _patience) = (mpi, rank, count, patience);
        _here = (byte*)NativeMemory.AllocZeroed((nuint)count);
        _answer = (int*)NativeMemory.AllocZeroed(AnswerLength, sizeof(int));
        _hereRequests = Requests();
        _firstRequests = Requests();
        _answerRequests = Requests();

        nint* Requests() => (nint*)NativeMemory.AllocZeroed((nuint)count, (nuint)sizeof(nint));
    }

    /// <summary>Waits until all processes are here; returns those who are not in time, or null.</summary>
    public MissingProcesses? Missing() => _rank == 0 ? Listen() : Report();

    /// <summary>Frees the memory; only after MPI has been left.</summary>
    public void Dispose()
    {
        NativeMemory.Free(_here);
        NativeMemory.Free(_answer);
        NativeMemory.Free(_hereRequests);
        NativeMemory.Free(_firstRequests);
        NativeMemory.Free(_answerRequests);
    }

    /// <summary>What the first process does.</summary>
    private MissingProcesses? Listen()
    {
        for (var rank = 1; rank < _count; rank++)
        {
            _mpi.Receive(_here + rank, 1, rank, HereTag, _hereRequests + rank);
            _mpi.Send(_here, 1, rank, FirstTag, _firstRequests + rank);
        }

        var awaited = Enumerable.Range(1, _count - 1).ToHashSet();
        Waiting.Until(
            () => awaited.RemoveWhere(rank => _mpi.Test(_hereRequests + rank)) >= 0 && awaited.Count == 0,
            _patience
        );
        Answer(awaited);
        return Answered();
    }

    private void Answer(HashSet<int> missing)
    {
        _answer[0] = missing.Count;
        foreach (var (i, rank) in missing.Order().Take(MissingProcesses.MostNamed).Index())
        {
            _answer[i + 1] = rank;
        }

        var present = Enumerable.Range(1, _count - 1).Except(missing).ToHashSet();
        foreach (var rank in present)
        {
            _mpi.Send(_answer, AnswerBytes, rank, AnswerTag, _answerRequests + rank);
        }

        var sent = new HashSet<int>(present);
        Waiting.Until(
            () =>
                present.RemoveWhere(rank => _mpi.Test(_firstRequests + rank)) >= 0
                && sent.RemoveWhere(rank => _mpi.Test(_answerRequests + rank)) >= 0
                && present.Count + sent.Count == 0,
            _patience
        );
    }

    /// <summary>What the others do.</summary>
    private MissingProcesses? Report()
    {
        _mpi.Send(_here + _rank, 1, 0, HereTag, _hereRequests);
        _mpi.Receive(_here, 1, 0, FirstTag, _firstRequests);
        _mpi.Receive(_answer, AnswerBytes, 0, AnswerTag, _answerRequests);
        return
            Waiting.Until(() => _mpi.Test(_firstRequests), _patience)
            && Waiting.Until(() => _mpi.Test(_answerRequests) && _mpi.Test(_hereRequests), _patience + AnswerTime)
            ? Answered()
            : new MissingProcesses(1, [0]);
    }

    private MissingProcesses? Answered() =>
        _answer[0] == 0
            ? null
            : new MissingProcesses(
                _answer[0],
                new Span<int>(_answer + 1, Math.Min(_answer[0], MissingProcesses.MostNamed)).ToArray()
            );
}
