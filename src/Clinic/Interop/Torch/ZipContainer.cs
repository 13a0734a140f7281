using System.IO.Compression;
using TransformerClinic.Interop.Pickle;

namespace TransformerClinic.Interop.Torch;

/// <summary>
/// PyTorch's files since 1.6: a zip archive with <c>NAME/data.pkl</c>, a file <c>NAME/data/KEY</c> for each storage,
/// and <c>NAME/byteorder</c> in newer ones. Entries are stored, not compressed.
/// </summary>
internal sealed class ZipContainer : ITorchContainer
{
    private const string Description = "data.pkl";
    private const string LittleEndian = "little";
    private readonly ZipArchive _archive;
    private readonly long _length;
    private readonly string _prefix;
    private readonly Dictionary<string, ZipArchiveEntry> _entries = new(StringComparer.Ordinal);

    /// <summary>The archive's description is read.</summary>
    /// <param name="stream">The file; the container owns it.</param>
    /// <param name="memory">How much memory the description may take.</param>
    /// <exception cref="FormatException">It is not such a file.</exception>
    /// <exception cref="InvalidDataException">It is not a whole zip archive.</exception>
    public ZipContainer(FileStream stream, long memory)
    {
        _length = stream.Length;
        _archive = new ZipArchive(stream, ZipArchiveMode.Read);
        foreach (var entry in _archive.Entries)
        {
            if (!_entries.TryAdd(entry.FullName, entry))
            {
                throw new FormatException($"its archive has two files '{entry.FullName}'");
            }
        }

        var description =
            _entries.Keys.FirstOrDefault(name => name.EndsWith("/" + Description, StringComparison.Ordinal))
            ?? throw new FormatException($"it is a zip archive without {Description}");
        _prefix = description[..^Description.Length];
        IsLittleEndian = ByteOrder() == LittleEndian;
        using var content = new BufferedStream(Open(description, _length), 1 << 16);
        Root = Unpickler.Read(new PickleSource(content, _entries[description].Length, memory));
    }

    /// <inheritdoc/>
    public object? Root { get; }

    /// <inheritdoc/>
    public bool IsLittleEndian { get; }

    /// <inheritdoc/>
    public bool Holds(TorchStorage storage, long begin, long count) =>
        _entries.TryGetValue(NameOf(storage), out var entry)
        && entry.Length <= _length
        && begin + count <= entry.Length;

    /// <inheritdoc/>
    public void Read(TorchStorage storage, long begin, Span<byte> destination)
    {
        using var content = Open(NameOf(storage), _length);
        Skip(content, begin);
        content.ReadExactly(destination);
    }

    /// <inheritdoc/>
    public void Dispose() => _archive.Dispose();

    private string NameOf(TorchStorage storage) => $"{_prefix}data/{storage.Key}";

    private string ByteOrder()
    {
        if (!_entries.TryGetValue(_prefix + "byteorder", out var entry))
        {
            return LittleEndian;
        }

        using var content = Open(entry.FullName, LittleEndian.Length);
        using var reader = new StreamReader(content);
        return reader.ReadToEnd().Trim();
    }

    private Stream Open(string name, long longest)
    {
        var entry = _entries.GetValueOrDefault(name) ?? throw new FormatException($"its archive has no file '{name}'");
        return entry.CompressedLength == entry.Length && entry.Length <= longest
            ? entry.Open()
            : throw new FormatException($"its archive's file '{name}' is compressed or too long");
    }

    private static void Skip(Stream stream, long count)
    {
        var buffer = new byte[(int)Math.Min(count, 1 << 16)];
        for (; count > 0; count -= Math.Min(count, buffer.Length))
        {
            stream.ReadExactly(buffer, 0, (int)Math.Min(count, buffer.Length));
        }
    }
}
