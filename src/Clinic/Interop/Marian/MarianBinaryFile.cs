using System.Buffers.Binary;
using System.Runtime.InteropServices;
using System.Text;

namespace TransformerClinic.Interop.Marian;

/// <summary>
/// A model in Marian's own format (<c>.bin</c>): version 1, for each tensor the lengths of its name, shape and data and
/// its type, all names, all shapes, and the data from an offset on. Numbers have 8 bytes, sizes of a shape 4.
/// </summary>
internal sealed class MarianBinaryFile : IMarianFile
{
    private const ulong Version = 1;
    private const ulong EncryptedVersion = 2;
    private const int HeaderLength = 4 * sizeof(ulong);

    private readonly FileStream _stream;
    private readonly Dictionary<string, MarianTensor> _tensors = new(StringComparer.Ordinal);

    /// <summary>Reads the head of a file.</summary>
    /// <exception cref="InvalidDataException">It is damaged.</exception>
    public MarianBinaryFile(string path, FileStream stream)
    {
        (Path, _stream) = (path, stream);
        var version = Number();
        if (version != Version)
        {
            throw new InvalidDataException(
                version == EncryptedVersion ? "it is encrypted" : $"the version of its format is {version}"
            );
        }

        var count = Number();
        if (count > (ulong)stream.Length / HeaderLength)
        {
            throw new InvalidDataException("it says that it has more tensors than it has bytes for");
        }

        var headers = new (ulong Name, ulong Type, ulong Shape, ulong Data)[count];
        for (var i = 0; i < headers.Length; i++)
        {
            headers[i] = (Number(), Number(), Number(), Number());
        }

        string[] names = [.. headers.Select(header => Encoding.UTF8.GetString(Bytes(header.Name)).TrimEnd('\0'))];
        long[][] shapes = [.. headers.Select(header => ShapeOf(header.Shape))];
        Skip(Number());
        for (var i = 0; i < headers.Length; i++)
        {
            Add(names[i], headers[i].Type, shapes[i], headers[i].Data);
        }
    }

    /// <inheritdoc/>
    public string Path { get; }

    /// <inheritdoc/>
    public IReadOnlyDictionary<string, MarianTensor> Tensors => _tensors;

    /// <inheritdoc/>
    public string? Options { get; private set; }

    /// <inheritdoc/>
    public float[] Read(MarianTensor tensor)
    {
        var values = new float[tensor.Count];
        _stream.Position = tensor.Offset;
        _stream.ReadExactly(MemoryMarshal.AsBytes(values.AsSpan()));
        return values;
    }

    /// <inheritdoc/>
    public void Dispose() => _stream.Dispose();

    private void Add(string name, ulong type, long[] shape, ulong length)
    {
        var tensor = new MarianTensor(name, shape, TypeName(type), _stream.Position);
        if (tensor.IsFloat && (ulong)tensor.Count * sizeof(float) > length)
        {
            throw new InvalidDataException($"its tensor {name} is shorter than its shape says");
        }

        if (name == IMarianFile.OptionsName)
        {
            Options = Encoding.UTF8.GetString(Bytes(length)).TrimEnd('\0');
        }
        else
        {
            Skip(length);
            if (!_tensors.TryAdd(name, tensor))
            {
                throw new InvalidDataException($"its tensor {name} is there twice");
            }
        }
    }

    private static string TypeName(ulong type) =>
        type switch
        {
            0x404 => MarianTensor.Float,
            0x402 => "float16",
            0x101 => "int8",
            0x10001 => "int8 of intgemm",
            0x10002 => "int16 of intgemm",
            _ => $"the type 0x{type:x}",
        };

    private long[] ShapeOf(ulong length)
    {
        if (length > 16)
        {
            throw new InvalidDataException("a tensor has too many dimensions");
        }

        var bytes = Bytes(length * sizeof(int)).AsSpan();
        var shape = new long[length];
        for (var i = 0; i < shape.Length; i++)
        {
            shape[i] = BinaryPrimitives.ReadInt32LittleEndian(bytes[(i * sizeof(int))..]);
        }

        return shape;
    }

    private ulong Number() => BinaryPrimitives.ReadUInt64LittleEndian(Bytes(sizeof(ulong)));

    private byte[] Bytes(ulong length)
    {
        CheckLeft(length);
        var bytes = new byte[length];
        _stream.ReadExactly(bytes);
        return bytes;
    }

    private void Skip(ulong length)
    {
        CheckLeft(length);
        _stream.Position += (long)length;
    }

    private void CheckLeft(ulong length)
    {
        if (length > (ulong)(_stream.Length - _stream.Position))
        {
            throw new EndOfStreamException();
        }
    }
}
