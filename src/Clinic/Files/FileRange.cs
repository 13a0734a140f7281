namespace TransformerClinic.Files;

/// <summary>A stretch of a file as a stream of its own.</summary>
/// <param name="file">The file; not owned, and used by nobody else meanwhile.</param>
/// <param name="begin">Its first byte.</param>
/// <param name="end">The byte after its last one.</param>
internal sealed class FileRange(Stream file, long begin, long end) : ReadOnlyStream
{
    private long _position;

    /// <summary>Where it begins in the file.</summary>
    public long Begin => begin;

    /// <inheritdoc/>
    public override bool CanSeek => true;

    /// <inheritdoc/>
    public override long Length => end - begin;

    /// <inheritdoc/>
    public override long Position
    {
        get => _position;
        set => _position = value;
    }

    /// <inheritdoc/>
    public override int Read(Span<byte> buffer)
    {
        file.Position = begin + _position;
        var read = file.Read(buffer[..(int)Math.Clamp(Length - _position, 0, buffer.Length)]);
        _position += read;
        return read;
    }
}
