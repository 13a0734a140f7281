using System.Buffers.Binary;
using System.Numerics;
using TransformerClinic.Interop.Pickle;

namespace TransformerClinic.Interop.Torch;

/// <summary>
/// PyTorch's files before 1.6: four pickles one after another (a magic number, the protocol 1001, the system, the
/// object), a pickle with the list of the storages' keys, and for each key the number of elements (int64) and the
/// elements.
/// </summary>
internal sealed class StreamContainer : ITorchContainer
{
    private const long Protocol = 1001;
    private static readonly BigInteger Magic = new([0x6c, 0xfc, 0x9c, 0x46, 0xf9, 0x20, 0x6a, 0xa8, 0x50, 0x19]);
    private readonly FileStream _stream;
    private readonly Dictionary<string, (long Begin, TorchStorage Storage)> _storages = new(StringComparer.Ordinal);

    /// <summary>The description is read, and where the storages are.</summary>
    /// <param name="stream">The file; the container owns it.</param>
    /// <param name="memory">How much memory the description may take.</param>
    /// <exception cref="FormatException">It is not such a file.</exception>
    public StreamContainer(FileStream stream, long memory)
    {
        _stream = stream;
        var source = new PickleSource(stream, stream.Length, memory);
        var referred = new Dictionary<string, TorchStorage>(StringComparer.Ordinal);
        if (Unpickler.Read(source) is not BigInteger magic || magic != Magic)
        {
            throw new FormatException("it does not begin like a file of PyTorch");
        }

        if (Unpickler.Read(source) is not Protocol)
        {
            throw new FormatException($"it is of another protocol than {Protocol}");
        }

        IsLittleEndian = Unpickler.Read(source) is PickleDictionary system && system["little_endian"] is not false;
        Root = Unpickler.Read(
            source,
            id =>
            {
                var storage = TorchStorage.Of(id);
                referred[storage.Key] = storage;
            }
        );
        Locate(source, referred);
    }

    /// <inheritdoc/>
    public object? Root { get; }

    /// <inheritdoc/>
    public bool IsLittleEndian { get; }

    /// <inheritdoc/>
    public bool Holds(TorchStorage storage, long begin, long count) =>
        _storages.TryGetValue(storage.Key, out var found)
        && found.Storage.ElementSize == storage.ElementSize
        && begin + count <= found.Storage.Elements * storage.ElementSize;

    /// <inheritdoc/>
    public void Read(TorchStorage storage, long begin, Span<byte> destination)
    {
        _stream.Position = _storages[storage.Key].Begin + begin;
        _stream.ReadExactly(destination);
    }

    /// <inheritdoc/>
    public void Dispose() => _stream.Dispose();

    private void Locate(PickleSource source, Dictionary<string, TorchStorage> referred)
    {
        if (Unpickler.Read(source) is not List<object?> keys)
        {
            throw new FormatException("it has no list of storages");
        }

        Span<byte> count = stackalloc byte[sizeof(long)];
        foreach (var key in keys)
        {
            if (key is not string name || !referred.TryGetValue(name, out var storage))
            {
                throw new FormatException("its list of storages has one that nothing refers to");
            }

            source.Read(count);
            var elements = BinaryPrimitives.ReadInt64LittleEndian(count);
            if (elements < 0 || elements > long.MaxValue / storage.ElementSize)
            {
                throw new FormatException($"its storage '{name}' has an impossible size");
            }

            if (!_storages.TryAdd(name, (source.Position, storage with { Elements = elements, Begin = 0 })))
            {
                throw new FormatException($"it has the storage '{name}' twice");
            }

            source.Skip(elements * storage.ElementSize);
        }
    }
}
