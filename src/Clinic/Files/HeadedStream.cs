namespace TransformerClinic.Files;

/// <summary>A stream whose first bytes were already read, as if they were not.</summary>
internal sealed class HeadedStream(byte[] head, Stream rest) : ReadOnlyStream
{
    private int _read;
    private long _position;

    /// <summary>Bytes read so far; readers of formats with padding need it.</summary>
    public override long Position
    {
        get => _position;
        set => throw new NotSupportedException();
    }

    public override int Read(Span<byte> buffer)
    {
        var count = _read == head.Length ? rest.Read(buffer) : ReadHead(buffer);
        _position += count;
        return count;
    }

    private int ReadHead(Span<byte> buffer)
    {
        var count = Math.Min(buffer.Length, head.Length - _read);
        head.AsSpan(_read, count).CopyTo(buffer);
        _read += count;
        return count;
    }
}
