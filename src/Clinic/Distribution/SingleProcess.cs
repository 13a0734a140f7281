namespace TransformerClinic.Distribution;

/// <summary>The group of one, which everything uses that no launcher has started; no native code is touched.</summary>
internal sealed class SingleProcess : ProcessGroup
{
    /// <inheritdoc/>
    public override int Rank => 0;

    /// <inheritdoc/>
    public override int Count => 1;

    /// <inheritdoc/>
    public override string Engine => "";

    /// <inheritdoc/>
    public override IReadOnlyList<string> Hosts { get; } = [Environment.MachineName];

    /// <inheritdoc/>
    public override void Meet(string place) { }

    /// <inheritdoc/>
    public override void Broadcast(Span<byte> bytes, int from = 0) { }

    /// <inheritdoc/>
    public override unsafe void AllToAll(
        nint send,
        ReadOnlySpan<int> sendCounts,
        nint receive,
        ReadOnlySpan<int> receiveCounts
    ) =>
        new ReadOnlySpan<float>((float*)send, sendCounts[0]).CopyTo(new Span<float>((float*)receive, receiveCounts[0]));

    /// <inheritdoc/>
    public override void GatherInPlace(nint all, ReadOnlySpan<int> counts) { }

    /// <inheritdoc/>
    public override void Abort(int exitCode) { }

    /// <inheritdoc/>
    protected override void Gather(ReadOnlySpan<byte> mine, Span<byte> all) => mine.CopyTo(all);
}
