using TransformerClinic.Common;

namespace TransformerClinic.Files;

/// <summary>Decompressed bytes; damage to the compressed ones is a mistake whose message names the file.</summary>
internal sealed class DecompressedStream(Stream inner, string format, string name) : ReadOnlyStream
{
    /// <exception cref="UserErrorException">The compressed bytes are damaged or end too early.</exception>
    public override int Read(Span<byte> buffer)
    {
        try
        {
            return inner.Read(buffer);
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
