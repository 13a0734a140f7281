using System.Buffers.Binary;
using System.Globalization;
using Google.Protobuf;

namespace TransformerClinic.Interop;

/// <summary>
/// Writes scalars as a TensorBoard event file: records of <c>length, masked CRC of the length, data, masked CRC of the data</c>,
/// each holding one Event message (fields: 1 wall time, 2 step, 3 file version, 5 summary with values of 1 tag and 2 number).
/// A run that goes on begins another file; TensorBoard reads them together.
/// </summary>
public sealed class TensorBoardEvents : IDisposable
{
    private const string FileVersion = "brain.Event:2";
    private readonly FileStream _stream;

    private TensorBoardEvents(FileStream stream)
    {
        _stream = stream;
        Write(output =>
        {
            WriteWallTime(output);
            output.WriteTag(3, WireFormat.WireType.LengthDelimited);
            output.WriteString(FileVersion);
        });
    }

    /// <summary>Begins an event file in a folder.</summary>
    public static TensorBoardEvents Create(string folder)
    {
        var time = DateTimeOffset.UtcNow.ToUnixTimeMilliseconds();
        var name = string.Create(CultureInfo.InvariantCulture, $"events.out.tfevents.{time / 1000:D10}.{time % 1000:D3}.{Environment.ProcessId}.clinic");
        return new TensorBoardEvents(new FileStream(Path.Combine(folder, name), FileMode.Create, FileAccess.Write, FileShare.Read));
    }

    /// <summary>Adds a value of a curve.</summary>
    public void Scalar(string tag, long step, double value)
    {
        var entry = Message(output =>
        {
            output.WriteTag(1, WireFormat.WireType.LengthDelimited);
            output.WriteString(tag);
            output.WriteTag(2, WireFormat.WireType.Fixed32);
            output.WriteFloat((float)value);
        });
        var summary = Message(output => WriteBytes(output, 1, entry));
        Write(output =>
        {
            WriteWallTime(output);
            output.WriteTag(2, WireFormat.WireType.Varint);
            output.WriteInt64(step);
            WriteBytes(output, 5, summary);
        });
    }

    /// <inheritdoc/>
    public void Dispose() => _stream.Dispose();

    private static void WriteWallTime(CodedOutputStream output)
    {
        output.WriteTag(1, WireFormat.WireType.Fixed64);
        output.WriteDouble(DateTimeOffset.UtcNow.ToUnixTimeMilliseconds() / 1000.0);
    }

    private static void WriteBytes(CodedOutputStream output, int field, byte[] bytes)
    {
        output.WriteTag(field, WireFormat.WireType.LengthDelimited);
        output.WriteBytes(ByteString.CopyFrom(bytes));
    }

    private static byte[] Message(Action<CodedOutputStream> write)
    {
        using var memory = new MemoryStream();
        using (var output = new CodedOutputStream(memory, leaveOpen: true))
        {
            write(output);
        }

        return memory.ToArray();
    }

    private void Write(Action<CodedOutputStream> write)
    {
        var data = Message(write);
        Span<byte> length = stackalloc byte[8];
        Span<byte> checksum = stackalloc byte[4];
        BinaryPrimitives.WriteInt64LittleEndian(length, data.Length);
        _stream.Write(length);
        BinaryPrimitives.WriteUInt32LittleEndian(checksum, Crc32C.Masked(length));
        _stream.Write(checksum);
        _stream.Write(data);
        BinaryPrimitives.WriteUInt32LittleEndian(checksum, Crc32C.Masked(data));
        _stream.Write(checksum);
        _stream.Flush();
    }
}
