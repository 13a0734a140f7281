using System.Security.Cryptography;

namespace TransformerClinic.Files;

/// <summary>
/// A file that is hashed while it is read, so that it is read once and is never in memory as a whole.
/// </summary>
/// <param name="inner">The file, from its start; it stays open.</param>
/// <param name="progress">Receives now and then how many bytes are read; null for nobody.</param>
/// <param name="cancellation">Ends the reading.</param>
internal sealed class HashedStream(Stream inner, IProgress<long>? progress, CancellationToken cancellation)
    : ReadOnlyStream
{
    private const int BytesPerReport = 1 << 20;

    private readonly IncrementalHash _hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
    private long _read;
    private long _reported;

    /// <exception cref="OperationCanceledException">The token was canceled.</exception>
    public override int Read(Span<byte> buffer)
    {
        cancellation.ThrowIfCancellationRequested();
        var count = inner.Read(buffer);
        _hash.AppendData(buffer[..count]);
        _read += count;
        if (_read - _reported >= BytesPerReport)
        {
            Report();
        }

        return count;
    }

    /// <summary>The SHA-256 of the whole file, what nobody has read of it included.</summary>
    /// <exception cref="OperationCanceledException">The token was canceled.</exception>
    public string HashOfAll()
    {
        var buffer = new byte[1 << 16];
        while (Read(buffer) > 0)
        {
            // What is behind the end of compressed data or of the root element.
        }

        Report();
        return Convert.ToHexStringLower(_hash.GetCurrentHash());
    }

    /// <inheritdoc/>
    protected override void Dispose(bool disposing)
    {
        if (disposing)
        {
            _hash.Dispose();
        }

        base.Dispose(disposing);
    }

    private void Report()
    {
        _reported = _read;
        progress?.Report(_read);
    }
}
