using TransformerClinic.Common;

namespace TransformerClinic.Files;

/// <summary>
/// Decompressed bytes; damage to the compressed ones is a mistake whose message names the file. More bytes than the
/// format can make of those that were read are damage, too: of some damaged files, a library makes bytes without end.
/// </summary>
/// <param name="inner">The decompressed bytes, as the library has them.</param>
/// <param name="compressed">The compressed ones.</param>
/// <param name="mostOfOne">How many bytes the format makes of one at most.</param>
/// <param name="format">The format's name.</param>
/// <param name="name">The file's name.</param>
internal sealed class DecompressedStream(
    Stream inner,
    HeadedStream compressed,
    long mostOfOne,
    string format,
    string name
) : ReadOnlyStream
{
    private long _made;

    /// <exception cref="UserErrorException">The compressed bytes are damaged or end too early.</exception>
    public override int Read(Span<byte> buffer)
    {
        try
        {
            var read = inner.Read(buffer);
            _made += read;
            return _made / mostOfOne <= compressed.Position
                ? read
                : throw new InvalidDataException("more text than it can hold");
        }
#pragma warning disable CA1031 // For a damaged file, a library does not always throw one of its own exceptions.
        catch (Exception exception)
            when (exception is not (UserErrorException or OperationCanceledException or OutOfMemoryException))
#pragma warning restore CA1031
        {
            throw new UserErrorException(
                $"{name}: the {format} data is damaged or incomplete ({exception.Message.TrimEnd('.')}).",
                exception
            );
        }
    }
}
