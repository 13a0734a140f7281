using TransformerClinic.Common;
using TransformerClinic.Distribution;
using TransformerClinic.Kernels;
using TransformerClinic.Training.Optimizers;
using TransformerClinic.Training.Statistics;
using static TorchSharp.torch;

namespace TransformerClinic.Training.Distributed;

/// <summary>
/// Makes one update of what several processes computed. Each gets the sum of all gradients in the order of their
/// <see cref="PieceTree"/>, but only of its shard of the parameters, for which only it makes the update and keeps the
/// optimizer's state; then each gets the other shards' new weights. With one sum a process it sends
/// <c>2 (p - 1) / p N</c> floats for each update, p processes, N parameters, as a ring would.
/// </summary>
internal sealed class GradientExchange : IDisposable
{
    /// <summary>Floats of all buffers together: 16 MiB.</summary>
    private const long BufferLength = 4 << 20;

    /// <summary>What each piece reports: loss, negative log-likelihood, tokens.</summary>
    private const int PieceNumbers = 3;

    private readonly ProcessGroup _group;
    private readonly FlatParameters _parameters;
    private readonly UpdateShare _share;
    private readonly StepClock _clock;
    private readonly IReadOnlyList<Shard> _shards;
    private readonly int[] _lengths;
    private readonly IReadOnlyList<PieceNode>[] _sums;
    private readonly long _slice;
    private readonly Tensor? _outgoing;
    private readonly Tensor? _incoming;

    /// <summary>An exchange between processes.</summary>
    /// <param name="group">The processes; not owned.</param>
    /// <param name="parameters">This process's parameters; not owned.</param>
    /// <param name="share">Who computes which pieces.</param>
    /// <param name="clock">Where its time is counted.</param>
    public GradientExchange(ProcessGroup group, FlatParameters parameters, UpdateShare share, StepClock clock)
    {
        (_group, _parameters, _share, _clock) = (group, parameters, share, clock);
        _shards = Shard.Of(parameters.Count, group.Count);
        _lengths = [.. _shards.Select(shard => checked((int)shard.Length))];
        _sums = [.. Enumerable.Range(0, group.Count).Select(share.Sums)];
        if (IsAlone)
        {
            return;
        }

        // As many floats of each sum as the buffers can take: all processes' of this one's shard, this one's of all.
        var perFloat = (group.Count * _sums.Max(sums => sums.Count)) + _sums.Sum(sums => sums.Count);
        _slice = Math.Clamp(BufferLength / perFloat, 1, Math.Max(1, _lengths.Max()));
        var own = Math.Max(1, _sums[group.Rank].Count);
        _outgoing = zeros(group.Count * own * _slice, device: parameters.Values.device).DetachFromDisposeScope();
        _incoming = zeros(_sums.Sum(sums => sums.Count) * _slice, device: parameters.Values.device)
            .DetachFromDisposeScope();
    }

    /// <summary>The parameters that this process updates.</summary>
    public Shard Shard => _shards[_group.Rank];

    private bool IsAlone => _group.Count == 1;

    /// <summary>
    /// Adds up what all processes have computed. The sum of gradients is then in this process's shard of
    /// <see cref="FlatParameters.Gradients"/>; all processes get the same numbers.
    /// </summary>
    /// <param name="update">The update, for messages.</param>
    /// <param name="own">What this process has computed.</param>
    /// <param name="stops">Whether this process was asked to stop.</param>
    /// <param name="seconds">Seconds of training by this process's clock.</param>
    /// <exception cref="ProcessGroupException">A process does not come.</exception>
    public UpdateSums Sum(long update, PieceSums own, bool stops, double seconds)
    {
        if (IsAlone)
        {
            using var scope = NewDisposeScope();
            var squares = _clock.TimeOptimizer(() =>
                own.Squares is { } found ? new DeviceNumbers(found) : BlockNorm.Begin(_parameters.Gradients)
            );
            var losses = _clock.TimeBackward(() => own.Losses); // the one wait of an update for a device
            return new UpdateSums(
                PieceLoss.Sum(losses, _share.Parts),
                BlockNorm.Of([.. squares.Read()], _parameters.Values.dtype),
                stops,
                seconds
            );
        }

        return _clock.TimeExchange(() =>
        {
            _group.Meet(FormattableString.Invariant($"update {update}"));
            ReduceToShards(own.Gradients);
            return Tell(own.Losses, stops, seconds);
        });
    }

    /// <summary>Gives this process the weights that the others have updated.</summary>
    public void GatherWeights() => Gather(_parameters.Values);

    /// <summary>Gives this process the gradients of the other shards too.</summary>
    public void GatherGradients() => Gather(_parameters.Gradients);

    /// <summary>All of a tensor of which each process has its shard; overwrites the gradients.</summary>
    /// <param name="shard">This process's shard.</param>
    /// <returns>The whole tensor, valid until the next gradients; not to be disposed.</returns>
    public Tensor Whole(Tensor shard)
    {
        if (IsAlone)
        {
            return shard;
        }

        using (NewDisposeScope())
        using (no_grad())
        {
            Shard.In(_parameters.Gradients).copy_(shard);
        }

        GatherGradients();
        return _parameters.Gradients;
    }

    /// <summary>Gives each process its shard of a tensor that the first one has; overwrites the gradients.</summary>
    /// <param name="shard">Where the shard goes.</param>
    /// <param name="read">Fills the whole tensor; called in the first process.</param>
    public void Scatter(Tensor shard, Action<Tensor> read)
    {
        if (IsAlone)
        {
            read(shard);
            return;
        }

        if (_group.IsFirst)
        {
            read(_parameters.Gradients);
        }

        Broadcast(_parameters.Gradients);
        using var scope = NewDisposeScope();
        using var noGradient = no_grad();
        shard.copy_(Shard.In(_parameters.Gradients));
    }

    /// <summary>Gives all processes the first one's tensor.</summary>
    public void Broadcast(Tensor tensor) => Broadcast(_group, tensor);

    /// <summary>Gives all processes of a group the first one's float32 tensor.</summary>
    public static void Broadcast(ProcessGroup group, Tensor tensor)
    {
        if (group.Count > 1)
        {
            group.BroadcastFloats(TensorMemory.Address(tensor), tensor.numel());
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _outgoing?.Dispose();
        _incoming?.Dispose();
    }

    private void Gather(Tensor flat)
    {
        if (!IsAlone)
        {
            _clock.TimeExchange(() => _group.GatherInPlace(TensorMemory.Address(flat), _lengths));
        }
    }

    /// <summary>Slice by slice: every process sends each the slice of its shard of every sum.</summary>
    private void ReduceToShards(IReadOnlyList<(PieceNode Node, Tensor Sum)> sums)
    {
        var (outgoing, incoming) = (TensorMemory.Address(_outgoing!), TensorMemory.Address(_incoming!));
        using var noGradient = no_grad();
        for (long start = 0; start < _lengths.Max(); start += _slice)
        {
            using var scope = NewDisposeScope();
            int[] lengths = [.. _lengths.Select(length => (int)Math.Clamp(length - start, 0, _slice))];
            Pack(sums, start, lengths);
            var mine = lengths[_group.Rank];
            int[] send = [.. lengths.Select(length => length * sums.Count)];
            int[] receive = [.. _sums.Select(theirs => theirs.Count * mine)];
            _group.AllToAll(outgoing, send, incoming, receive);
            if (mine > 0)
            {
                _parameters.Gradients.narrow(0, Shard.Offset + start, mine).copy_(Add(mine));
            }
        }
    }

    private void Pack(IReadOnlyList<(PieceNode Node, Tensor Sum)> sums, long start, int[] lengths)
    {
        long place = 0;
        foreach (var (shard, length) in _shards.Zip(lengths).Where(entry => entry.Second > 0))
        {
            foreach (var (_, sum) in sums)
            {
                _outgoing!.narrow(0, place, length).copy_(sum.narrow(0, shard.Offset + start, length));
                place += length;
            }
        }
    }

    /// <summary>The sum of what has come in, in the order of the tree.</summary>
    private Tensor Add(int length)
    {
        var nodes = _sums
            .SelectMany(sums => sums)
            .Select((node, i) => (node, _incoming!.narrow(0, (long)i * length, length)))
            .ToList();
        return TreeSum.Of(_share.Pieces, nodes)[0].Sum;
    }

    /// <summary>Tells all processes the squares of the shard's blocks, the pieces' losses, and the rest.</summary>
    private UpdateSums Tell(IReadOnlyList<PieceLoss> losses, bool stops, double seconds)
    {
        using var scope = NewDisposeScope();
        var squares = BlockNorm.Squares(Shard.In(_parameters.Gradients));
        var blocks = (_lengths.Max() + MemoryPass.ChunkLength - 1) / MemoryPass.ChunkLength;
        var mine = new double[blocks + (_share.Most * PieceNumbers) + 2];
        squares.CopyTo(mine, 0);
        foreach (var (i, (loss, nll, tokens)) in losses.Index())
        {
            double[] numbers = [loss, nll, tokens];
            numbers.CopyTo(mine, blocks + (i * PieceNumbers));
        }

        (mine[^2], mine[^1]) = (stops ? 1 : 0, seconds);
        var told = _group.Gather<double>(mine).Chunk(mine.Length).ToArray();
        double[] all =
        [
            .. told.SelectMany(
                (numbers, rank) => numbers.Take((_lengths[rank] + MemoryPass.ChunkLength - 1) / MemoryPass.ChunkLength)
            ),
        ];
        var pieces = told.SelectMany(
            (numbers, rank) =>
                numbers
                    .Skip(blocks)
                    .Chunk(PieceNumbers)
                    .Take(_share.Of(rank).Length)
                    .Select(piece => new PieceLoss(piece[0], piece[1], (int)piece[2]))
        );
        return new UpdateSums(
            PieceLoss.Sum(pieces, _share.Parts),
            BlockNorm.Of(all, _parameters.Values.dtype),
            Array.Exists(told, numbers => numbers[^2] > 0),
            told[0][^1]
        );
    }
}

/// <summary>What all processes know of an update before it is made.</summary>
/// <param name="Loss">The losses of all pieces.</param>
/// <param name="GradientNorm">The norm of the sum of all gradients.</param>
/// <param name="Stops">Whether a process was asked to stop.</param>
/// <param name="Seconds">Seconds of training by the first process's clock.</param>
internal sealed record UpdateSums(PieceLoss Loss, double GradientNorm, bool Stops, double Seconds);
