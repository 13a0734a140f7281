using System.Buffers.Binary;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using TransformerClinic.Common;
using TransformerClinic.Files;

namespace TransformerClinic.Interop.Safetensors;

/// <summary>
/// A safetensors file opened for reading: 8 bytes with the header's length, the header in JSON, then raw little-endian
/// data. Reading is strict: no tensor or key twice, known types, shapes that match their bytes, and no byte outside the
/// tensors. Tensors are read one by one, so a large file needs no second copy. Only one thread at a time may read.
/// </summary>
internal sealed class SafetensorsFile : IDisposable
{
    private readonly FileStream _stream;
    private readonly long _dataStart;
    private readonly Dictionary<string, TensorInfo> _tensors;

    private SafetensorsFile(string path, FileStream stream)
    {
        (Path, _stream) = (path, stream);
        var length = stream.Length;
        Span<byte> prefix = stackalloc byte[8];
        if (length < prefix.Length)
        {
            throw new FormatException("the file is too short");
        }

        stream.ReadExactly(prefix);
        var headerLength = BinaryPrimitives.ReadUInt64LittleEndian(prefix);
        if (headerLength > SafetensorsHeader.MaxLength || (long)headerLength > length - prefix.Length)
        {
            throw new FormatException("the header is longer than the file or than the format allows");
        }

        var header = new byte[headerLength];
        stream.ReadExactly(header);
        _dataStart = prefix.Length + header.Length;
        var (tensors, metadata) = SafetensorsHeader.Parse(header, length - _dataStart);
        Tensors = tensors;
        Metadata = metadata;
        _tensors = tensors.ToDictionary(tensor => tensor.Name, StringComparer.Ordinal);
    }

    /// <summary>The file's path.</summary>
    public string Path { get; }

    /// <summary>The tensors in the order of their bytes.</summary>
    public IReadOnlyList<TensorInfo> Tensors { get; }

    /// <summary>The header's metadata.</summary>
    public IReadOnlyDictionary<string, string> Metadata { get; }

    /// <summary>Opens a file and checks its header.</summary>
    /// <exception cref="UserErrorException">The file is missing, truncated or breaks a rule of the format.</exception>
    public static SafetensorsFile Open(string path)
    {
        var stream = InputFile.Open(path);
        try
        {
            return new SafetensorsFile(path, stream);
        }
        catch (FormatException exception)
        {
            stream.Dispose();
            throw new UserErrorException(
                $"{path}: this is not a whole safetensors file: {exception.Message}.",
                exception
            );
        }
    }

    /// <summary>Whether the file has a tensor.</summary>
    public bool Has(string name) => _tensors.ContainsKey(name);

    /// <summary>A tensor's entry.</summary>
    /// <exception cref="UserErrorException">The file has no such tensor.</exception>
    public TensorInfo Info(string name) =>
        _tensors.TryGetValue(name, out var info)
            ? info
            : throw new UserErrorException($"{Path}: the file has no tensor '{name}'.");

    /// <summary>Reads a tensor's bytes.</summary>
    /// <exception cref="ArgumentException">The destination does not have exactly the tensor's size.</exception>
    public void Read(string name, Span<byte> destination)
    {
        var info = Info(name);
        if (destination.Length != info.End - info.Begin)
        {
            throw new ArgumentException(
                $"The tensor '{name}' has {info.End - info.Begin} bytes, the destination {destination.Length}.",
                nameof(destination)
            );
        }

        _stream.Position = _dataStart + info.Begin;
        _stream.ReadExactly(destination);
    }

    /// <summary>
    /// Reads a tensor's elements as they are stored; a type of 16 bits without a counterpart in .NET (BF16) as
    /// <see cref="ushort"/>.
    /// </summary>
    /// <exception cref="UserErrorException">
    /// The file has no such tensor, or its elements have another type.
    /// </exception>
    public T[] Read<T>(string name)
        where T : unmanaged
    {
        var info = Info(name);
        if (!TensorInfo.Holds<T>(info.Dtype))
        {
            throw new UserErrorException(
                $"{Path}: the tensor '{name}' is {info.Dtype}, which cannot be read as {typeof(T).Name}."
            );
        }

        var elements = new T[(info.End - info.Begin) / Unsafe.SizeOf<T>()];
        Read(name, MemoryMarshal.AsBytes(elements.AsSpan()));
        return elements;
    }

    /// <summary>Gives the open file and the place of its first tensor to who maps it.</summary>
    internal T Map<T>(Func<FileStream, long, T> map) => map(_stream, _dataStart);

    /// <inheritdoc/>
    public void Dispose() => _stream.Dispose();
}
