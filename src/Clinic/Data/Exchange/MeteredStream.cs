using System.Globalization;
using TransformerClinic.Files;

namespace TransformerClinic.Data.Exchange;

/// <summary>
/// Text on its way to the parser, which holds a whole tag in memory: no single node may take more bytes than a limit.
/// </summary>
internal sealed class MeteredStream(Stream inner) : ReadOnlyStream
{
    /// <summary>
    /// Bytes of the largest tag with its attributes, of the comments before it, and of a CDATA section. Other text has
    /// no such limit here: the parser passes it on in pieces.
    /// </summary>
    internal const int MostOfANode = 1 << 22;

    private long _read;
    private long _start;

    /// <summary>Whether nothing was read, although a reader asked.</summary>
    public bool IsEmpty => _read == 0;

    /// <summary>Says that the next node begins.</summary>
    public void Restart() => _start = _read;

    /// <exception cref="InvalidDataException">The current node is too large; the message says so.</exception>
    public override int Read(Span<byte> buffer)
    {
        if (_read - _start > MostOfANode)
        {
            throw new InvalidDataException(
                string.Create(
                    CultureInfo.InvariantCulture,
                    $"a tag, comment or CDATA section has more than {MostOfANode:N0} bytes"
                )
            );
        }

        var count = inner.Read(buffer);
        _read += count;
        return count;
    }
}
