using System.Diagnostics;
using System.Numerics;
using System.Runtime.InteropServices;
using TransformerClinic.Distribution;

namespace TransformerClinic.Bench.Exchange;

/// <summary>Milliseconds of an exchange of one size, in the slowest process.</summary>
/// <param name="Library">The library's own sum, in an order that it chooses.</param>
/// <param name="ToShards">Every process sends each its shard of the vector, slice by slice.</param>
/// <param name="Addition">What has come in is added in the order of the tree; contained in the former.</param>
/// <param name="Back">Every process sends all its shard of the sum.</param>
/// <param name="InAll">Both together.</param>
/// <param name="Broadcast">The first process sends the vector to all.</param>
internal sealed record ExchangeTimes(
    double Library,
    double ToShards,
    double Addition,
    double Back,
    double InAll,
    double Broadcast
);

/// <summary>An exchange of gradients as in training with one sum for each process, without the training.</summary>
internal sealed unsafe class TimedExchange : IDisposable
{
    private const long BufferLength = 4 << 20; // floats, 16 MiB, as in training

    private readonly MpiGroup _group;
    private readonly int _length;
    private readonly int[] _shards;
    private readonly int _slice;
    private readonly float* _vector;
    private readonly float* _sum;
    private readonly float* _outgoing;
    private readonly float* _incoming;
    private readonly Stopwatch _addition = new();

    /// <param name="group">The processes.</param>
    /// <param name="length">Floats of the vector.</param>
    public TimedExchange(MpiGroup group, long length)
    {
        (_group, _length) = (group, checked((int)length));
        var each = (_length + group.Count - 1) / group.Count;
        _shards = [.. Enumerable.Range(0, group.Count).Select(rank => Math.Clamp(_length - (rank * each), 0, each))];
        _slice = (int)Math.Min(BufferLength / (2 * group.Count), each);
        _vector = Floats(_length);
        _sum = Floats(_length);
        _outgoing = Floats(_slice * group.Count);
        _incoming = Floats(_slice * group.Count);
        var random = new Random(group.Rank);
        for (var i = 0; i < _length; i++)
        {
            _vector[i] = random.NextSingle() - 0.5f;
        }
    }

    /// <summary>Measures each part some times.</summary>
    /// <returns>The medians.</returns>
    public ExchangeTimes Measure(int repeats)
    {
        var library = new List<double>();
        var (shards, additions, back, all, broadcast) = (
            new List<double>(),
            new List<double>(),
            new List<double>(),
            new List<double>(),
            new List<double>()
        );
        for (var i = 0; i <= repeats; i++)
        {
            library.Add(Time(() => _group.LibrarySum((nint)_vector, (nint)_sum, _length)));
            _addition.Reset();
            shards.Add(Time(ReduceToShards));
            additions.Add(_group.Gather<double>([_addition.Elapsed.TotalMilliseconds]).Max());
            back.Add(Time(() => _group.GatherInPlace((nint)_sum, _shards)));
            all.Add(shards[^1] + back[^1]);
            broadcast.Add(Time(() => _group.Broadcast(new Span<byte>(_sum, _length * sizeof(float)))));
        }

        double Of(List<double> times) => Median.Of([.. times.Skip(1)]); // the first one makes connections
        return new ExchangeTimes(Of(library), Of(shards), Of(additions), Of(back), Of(all), Of(broadcast));
    }

    public void Dispose()
    {
        foreach (var floats in (nint[])[(nint)_vector, (nint)_sum, (nint)_outgoing, (nint)_incoming])
        {
            NativeMemory.Free((void*)floats);
        }
    }

    private static float* Floats(int length) => (float*)NativeMemory.AllocZeroed((nuint)length, sizeof(float));

    private double Time(Action exchange)
    {
        _group.Meet("a measurement");
        var clock = Stopwatch.StartNew();
        exchange();
        return _group.Gather<double>([clock.Elapsed.TotalMilliseconds]).Max();
    }

    private void ReduceToShards()
    {
        var own = _shards.Take(_group.Rank).Sum();
        for (var start = 0; start < _shards[0]; start += _slice)
        {
            int[] lengths = [.. _shards.Select(shard => Math.Clamp(shard - start, 0, _slice))];
            var (place, shard) = (0, 0);
            foreach (var (rank, length) in lengths.Index())
            {
                new Span<float>(_vector + shard + start, length).CopyTo(new Span<float>(_outgoing + place, length));
                (place, shard) = (place + length, shard + _shards[rank]);
            }

            var mine = lengths[_group.Rank];
            int[] receive = [.. Enumerable.Repeat(mine, _group.Count)];
            _group.AllToAll((nint)_outgoing, lengths, (nint)_incoming, receive);
            _addition.Start();
            Add(0, _group.Count, mine);
            new Span<float>(_incoming, mine).CopyTo(new Span<float>(_sum + own + start, mine));
            _addition.Stop();
        }
    }

    /// <summary>Adds what came from ranks [first, end) in place, left half and right half first.</summary>
    private void Add(int first, int end, int length)
    {
        if (end - first < 2)
        {
            return;
        }

        var middle = first + (int)BitOperations.RoundUpToPowerOf2((uint)(end - first)) / 2;
        Add(first, middle, length);
        Add(middle, end, length);
        var left = new Span<float>(_incoming + ((long)first * length), length);
        var right = new Span<float>(_incoming + ((long)middle * length), length);
        var vectors = MemoryMarshal.Cast<float, Vector<float>>(left);
        var others = MemoryMarshal.Cast<float, Vector<float>>(right);
        for (var i = 0; i < vectors.Length; i++)
        {
            vectors[i] += others[i];
        }

        for (var i = vectors.Length * Vector<float>.Count; i < length; i++)
        {
            left[i] += right[i];
        }
    }
}
