namespace TransformerClinic.Files;

/// <summary>
/// A stream to another program, whose writes end when a token is canceled even if the other program reads nothing.
/// Reads need no token: <see cref="ReadAhead"/> waits for them elsewhere.
/// </summary>
/// <param name="inner">The stream; it is disposed together with this one.</param>
/// <param name="stop">Ends the wait.</param>
internal sealed class InterruptibleStream(Stream inner, CancellationToken stop) : Stream
{
    /// <inheritdoc/>
    public override bool CanRead => false;

    /// <inheritdoc/>
    public override bool CanSeek => false;

    /// <inheritdoc/>
    public override bool CanWrite => true;

    /// <inheritdoc/>
    public override long Length => throw new NotSupportedException();

    /// <inheritdoc/>
    public override long Position
    {
        get => throw new NotSupportedException();
        set => throw new NotSupportedException();
    }

    /// <inheritdoc/>
    public override int Read(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    /// <inheritdoc/>
    /// <exception cref="OperationCanceledException">The token was canceled while nobody read the bytes.</exception>
    public override void Write(byte[] buffer, int offset, int count) =>
        Interruptible.Run(
            () =>
            {
                inner.Write(buffer, offset, count);
                return count;
            },
            stop
        );

    /// <inheritdoc/>
    public override void Flush() => inner.Flush();

    /// <inheritdoc/>
    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    /// <inheritdoc/>
    public override void SetLength(long value) => throw new NotSupportedException();

    /// <inheritdoc/>
    protected override void Dispose(bool disposing)
    {
        if (disposing)
        {
            inner.Dispose();
        }

        base.Dispose(disposing);
    }
}
