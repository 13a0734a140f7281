using System.Buffers;
using TransformerClinic.Common;

namespace TransformerClinic.Documents.Formats;

/// <summary>A document to read.</summary>
/// <param name="Content">Its bytes, from the current position on.</param>
/// <param name="Name">Its name in messages.</param>
/// <param name="Options">How it is translated.</param>
/// <param name="Limits">What it may demand.</param>
internal sealed record DocumentSource(Stream Content, string Name, DocumentOptions Options, DocumentLimits Limits)
{
    /// <summary>All bytes.</summary>
    /// <param name="most">The most bytes that there may be.</param>
    /// <exception cref="UserErrorException">There are more.</exception>
    public byte[] Bytes(long most)
    {
        using var bytes = new MemoryStream();
        var buffer = ArrayPool<byte>.Shared.Rent(1 << 16);
        try
        {
            int read;
            while ((read = Content.Read(buffer)) > 0)
            {
                bytes.Write(buffer, 0, read);
                if (bytes.Length > most)
                {
                    throw Wrong(
                        FormattableString.Invariant(
                            $"the document has more than {most:N0} bytes. Divide it into smaller ones."
                        )
                    );
                }
            }

            return bytes.ToArray();
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(buffer);
        }
    }

    /// <summary>A mistake in the document.</summary>
    /// <param name="what">What is wrong, and how to mend it.</param>
    /// <param name="cause">What revealed it.</param>
    public UserErrorException Wrong(string what, Exception? cause = null) =>
        cause is null ? new($"{Name}: {what}") : new($"{Name}: {what}", cause);
}
