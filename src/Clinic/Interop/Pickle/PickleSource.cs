using System.Text;

namespace TransformerClinic.Interop.Pickle;

/// <summary>
/// The bytes that pickles are read from, and the memory that what they describe may take: no length in the file is
/// believed before as many bytes are there.
/// </summary>
/// <param name="stream">The bytes.</param>
/// <param name="length">How many bytes the stream has.</param>
/// <param name="memory">How many bytes of memory may be taken.</param>
internal sealed class PickleSource(Stream stream, long length, long memory)
{
    /// <summary>The longest line: a line is the name of a module or of something in it.</summary>
    private const int LongestLine = 1000;

    private long _memory = memory;

    /// <summary>The next byte's number.</summary>
    public long Position { get; private set; }

    /// <summary>Accounts for memory that is about to be taken.</summary>
    /// <exception cref="FormatException">It is more than a file of this size can have use for.</exception>
    public void Take(long bytes)
    {
        if ((_memory -= bytes) < 0)
        {
            throw new FormatException("it describes more than a file of its size can hold");
        }
    }

    /// <summary>The next byte.</summary>
    /// <exception cref="FormatException">The file ends.</exception>
    public byte ReadByte()
    {
        Need(1);
        var value = stream.ReadByte();
        Position++;
        return value >= 0 ? (byte)value : throw Ended();
    }

    /// <summary>Fills the whole span.</summary>
    /// <exception cref="FormatException">The file ends.</exception>
    public void Read(Span<byte> destination)
    {
        Need(destination.Length);
        var read = stream.ReadAtLeast(destination, destination.Length, throwOnEndOfStream: false);
        Position += read;
        if (read < destination.Length)
        {
            throw Ended();
        }
    }

    /// <summary>The next bytes, in memory that is accounted for.</summary>
    /// <exception cref="FormatException">The file ends, or memory does.</exception>
    public byte[] ReadBytes(long count)
    {
        Need(count);
        Take(count);
        var bytes = new byte[count];
        Read(bytes);
        return bytes;
    }

    /// <summary>The next bytes as text of an encoding.</summary>
    /// <exception cref="FormatException">The file ends, or memory does.</exception>
    public string ReadText(long count, Encoding encoding)
    {
        var bytes = ReadBytes(count);
        Take(2 * count);
        return encoding.GetString(bytes);
    }

    /// <summary>The text up to the next line end, which is read too.</summary>
    /// <exception cref="FormatException">The file ends, or the line does not.</exception>
    public string ReadLine()
    {
        Span<byte> line = stackalloc byte[LongestLine];
        for (var i = 0; i < line.Length; i++)
        {
            if ((line[i] = ReadByte()) == (byte)'\n')
            {
                Take(2 * i);
                return Encoding.UTF8.GetString(line[..i]);
            }
        }

        throw new FormatException("it has a name without an end");
    }

    /// <summary>Leaves bytes out.</summary>
    /// <exception cref="FormatException">There are not as many.</exception>
    public void Skip(long count)
    {
        Need(count);
        stream.Seek(count, SeekOrigin.Current);
        Position += count;
    }

    private void Need(long count)
    {
        if (count < 0 || count > length - Position)
        {
            throw Ended();
        }
    }

    private static FormatException Ended() => new("it ends in the middle of a value");
}
