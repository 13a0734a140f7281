using System.IO.Compression;
using System.Runtime.InteropServices;
using System.Text;

namespace TransformerClinic.Interop.Marian;

/// <summary>
/// A model in NumPy's <c>.npz</c>, a zip archive with an array for each tensor, as Marian writes it. An archive that
/// unpacks to much more than its own size is refused: weights do not compress.
/// </summary>
internal sealed class NpzFile : IMarianFile
{
    private const string Ending = ".npy";
    private const int MostUnpacked = 4;
    private const long AlwaysAllowed = 1 << 20;

    private readonly ZipArchive _archive;
    private readonly Dictionary<string, MarianTensor> _tensors = new(StringComparer.Ordinal);
    private readonly Dictionary<string, ZipArchiveEntry> _entries = new(StringComparer.Ordinal);

    /// <summary>Reads the head of a file.</summary>
    /// <exception cref="InvalidDataException">It is damaged.</exception>
    public NpzFile(string path, FileStream stream)
    {
        (Path, _archive) = (path, new ZipArchive(stream));
        if (
            _archive.Entries.Sum(entry => (double)entry.Length)
            > (MostUnpacked * (double)stream.Length) + AlwaysAllowed
        )
        {
            throw new InvalidDataException("it unpacks to more than four times its size");
        }

        foreach (var entry in _archive.Entries)
        {
            var name = entry.FullName.EndsWith(Ending, StringComparison.Ordinal)
                ? entry.FullName[..^Ending.Length]
                : entry.FullName;
            Add(name, entry);
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
        try
        {
            using var stream = _entries[tensor.Name].Open();
            NpyHeader.Read(stream);
            var values = new float[tensor.Count];
            stream.ReadExactly(MemoryMarshal.AsBytes(values.AsSpan()));
            return values;
        }
        catch (Exception exception) when (MarianFile.IsDamage(exception))
        {
            throw MarianFile.Damaged(Path, exception);
        }
    }

    /// <inheritdoc/>
    public void Dispose() => _archive.Dispose();

    private void Add(string name, ZipArchiveEntry entry)
    {
        using var stream = entry.Open();
        var header = NpyHeader.Read(stream);
        var tensor = new MarianTensor(name, header.Shape, Type(header), Offset: 0);
        if ((long)tensor.Count * header.ElementSize > entry.Length)
        {
            throw new InvalidDataException($"its array {name} is shorter than its shape says");
        }

        if (name == IMarianFile.OptionsName && header.ElementSize != 1)
        {
            throw new InvalidDataException($"its array {name} is not text");
        }

        if (name == IMarianFile.OptionsName)
        {
            var text = new byte[tensor.Count];
            stream.ReadExactly(text);
            Options = Encoding.UTF8.GetString(text).TrimEnd('\0');
        }
        else if (!_tensors.TryAdd(name, tensor))
        {
            throw new InvalidDataException($"its array {name} is there twice");
        }
        else
        {
            _entries[name] = entry;
        }
    }

    private static string Type(NpyHeader header) =>
        header.Type == "<f4" && !header.IsFortranOrder ? MarianTensor.Float
        : header.IsFortranOrder ? $"{header.Type} in Fortran's order"
        : header.Type;
}
