using System.IO.Compression;
using ICSharpCode.SharpZipLib.Checksum;
using TransformerClinic.Common;

namespace TransformerClinic.Documents.Formats.Docx;

/// <summary>
/// The parts of a ZIP archive. All are unpacked once while it is read, so that a damaged archive, or one that unpacks
/// to far more than it is, is refused; sizes are counted, not believed.
/// </summary>
internal sealed class ZipParts
{
    private readonly byte[] _archive;
    private readonly DocumentSource _source;

    private ZipParts(byte[] archive, DocumentSource source) => (_archive, _source) = (archive, source);

    /// <summary>The names of the parts, in the archive's order.</summary>
    public IReadOnlyList<string> Names { get; private set; } = [];

    /// <summary>Reads an archive.</summary>
    /// <exception cref="UserErrorException">It is damaged, is protected by a password, or is too large.</exception>
    public static ZipParts Read(DocumentSource source)
    {
        var parts = new ZipParts(source.Bytes(source.Limits.MostBytes), source);
        parts.Guarded(() =>
        {
            parts.Check();
            return true;
        });
        return parts;
    }

    /// <summary>A part's bytes.</summary>
    /// <exception cref="UserErrorException">It is longer than a text may be.</exception>
    public byte[] Bytes(string name) =>
        Guarded(() =>
        {
            using var archive = Open();
            var entry = archive.GetEntry(name)!;
            using var part = entry.Open();
            return (_source with { Content = part, Name = $"{_source.Name}, {name}" }).Bytes(
                _source.Limits.MostTextBytes
            );
        });

    /// <summary>Writes the archive with other bytes for some parts.</summary>
    /// <param name="changed">The new bytes by name; if there are none, the archive is written as it is.</param>
    /// <param name="output">Gets the archive.</param>
    public void Write(IReadOnlyDictionary<string, byte[]> changed, Stream output)
    {
        if (changed.Count == 0)
        {
            output.Write(_archive);
            return;
        }

        using var result = new MemoryStream();
        using (var from = Open())
        using (var to = new ZipArchive(result, ZipArchiveMode.Create, leaveOpen: true))
        {
            foreach (var entry in from.Entries)
            {
                Copy(entry, to, changed.GetValueOrDefault(entry.FullName));
            }
        }

        result.WriteTo(output);
    }

    private static void Copy(ZipArchiveEntry entry, ZipArchive to, byte[]? changed)
    {
        var isPacked = entry.CompressedLength != entry.Length;
        var copy = to.CreateEntry(
            entry.FullName,
            isPacked || changed is not null ? CompressionLevel.Optimal : CompressionLevel.NoCompression
        );
        copy.LastWriteTime = entry.LastWriteTime;
        copy.ExternalAttributes = entry.ExternalAttributes;
        using var target = copy.Open();
        if (changed is not null)
        {
            target.Write(changed);
            return;
        }

        using var origin = entry.Open();
        origin.CopyTo(target);
    }

    private ZipArchive Open() => new(new MemoryStream(_archive, writable: false), ZipArchiveMode.Read);

    private void Check()
    {
        using var archive = Open();
        if (archive.Entries.Count > _source.Limits.MostParts)
        {
            throw _source.Wrong(
                FormattableString.Invariant($"the archive has {archive.Entries.Count:N0} parts, more than ")
                    + FormattableString.Invariant($"{_source.Limits.MostParts:N0}; no such document needs that.")
            );
        }

        Names = [.. archive.Entries.Select(entry => entry.FullName)];
        if (Names.Distinct(StringComparer.OrdinalIgnoreCase).Count() < Names.Count)
        {
            throw _source.Wrong("two parts of the archive have the same name. Save the document again.");
        }

        var all = 0L;
        foreach (var entry in archive.Entries)
        {
            if (entry.IsEncrypted)
            {
                throw _source.Wrong(
                    "the archive is protected by a password. Save the document without one and try again."
                );
            }

            all += Unpacked(entry, all);
        }
    }

    /// <summary>Unpacks a part and forgets it.</summary>
    /// <returns>Its number of bytes.</returns>
    private long Unpacked(ZipArchiveEntry entry, long before)
    {
        using var part = entry.Open();
        var buffer = new byte[1 << 16];
        var sum = new Crc32();
        var length = 0L;
        int read;
        while ((read = part.Read(buffer)) > 0)
        {
            length += read;
            sum.Update(new ArraySegment<byte>(buffer, 0, read));
            CheckSize(before + length, _source.Limits.MostUnpackedBytes);
            CheckRatio(length, entry.CompressedLength);
            CheckRatio(before + length, _archive.Length);
        }

        return sum.Value == entry.Crc32
            ? length
            : throw _source.Wrong("the archive is damaged: a checksum does not match. Save the document again.");
    }

    private void CheckSize(long length, long most)
    {
        if (length > most)
        {
            throw _source.Wrong(
                FormattableString.Invariant($"the document unpacks to more than {most:N0} bytes. ")
                    + "Divide it into smaller ones."
            );
        }
    }

    private void CheckRatio(long unpacked, long packed)
    {
        if (unpacked > _source.Limits.AnyRatioBelow && unpacked > _source.Limits.MostRatio * Math.Max(1, packed))
        {
            throw _source.Wrong(
                $"the archive unpacks to more than {_source.Limits.MostRatio} times its size, as archives do that are "
                    + "made to exhaust memory. Save the document again with an office program."
            );
        }
    }

    private T Guarded<T>(Func<T> read)
    {
        try
        {
            return read();
        }
        catch (Exception damaged)
            when (damaged is InvalidDataException or NotSupportedException or ArgumentException or IOException)
        {
            throw _source.Wrong(
                "the archive is damaged or cut off, or is packed in a way that office programs do not use. "
                    + "Save the document again.",
                damaged
            );
        }
    }
}
