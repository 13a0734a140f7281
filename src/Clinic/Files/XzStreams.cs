using SharpCompress.Compressors.Xz;

namespace TransformerClinic.Files;

/// <summary>
/// A file in the xz format. It may be several streams in a row, with zeros between them (The .xz File Format 1.2,
/// section 2); the library's stream ends after the first of them.
/// </summary>
internal sealed class XzStreams(HeadedStream compressed) : ReadOnlyStream
{
    private XZStream? _current = new(compressed);

    public override int Read(Span<byte> buffer)
    {
        while (_current is not null)
        {
            if (_current.Read(buffer) is var read and > 0)
            {
                return read;
            }

            _current = Next();
        }

        return 0;
    }

    private XZStream? Next()
    {
        int first;
        do
        {
            first = compressed.ReadByte();
        } while (first == 0);
        return first < 0 ? null : new XZStream(new HeadedStream([(byte)first], compressed));
    }
}
