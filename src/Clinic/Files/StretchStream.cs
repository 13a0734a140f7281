namespace TransformerClinic.Files;

/// <summary>A stretch of a file's bytes, read from its beginning to its end.</summary>
/// <param name="file">The file; it stays open.</param>
/// <param name="begin">The first byte.</param>
/// <param name="end">The byte after the last one.</param>
internal sealed class StretchStream(Stream file, long begin, long end) : ReadOnlyStream
{
    private long _at = begin;

    /// <inheritdoc/>
    public override int Read(Span<byte> buffer)
    {
        file.Position = _at;
        var count = file.Read(buffer[..(int)Math.Min(buffer.Length, end - _at)]);
        _at += count;
        return count;
    }
}
