namespace TransformerClinic.Common;

/// <summary>Random numbers one after another, from a stream that (seed, purpose, position) identify.</summary>
internal sealed class CounterStream(long seed, string purpose, long position)
{
    private ulong _state = CounterRandom.At(seed, purpose, position);

    /// <summary>The next number, even over [0, 1).</summary>
    public double Next()
    {
        _state += CounterRandom.Golden;
        return CounterRandom.Unit(CounterRandom.Mix(_state));
    }
}
