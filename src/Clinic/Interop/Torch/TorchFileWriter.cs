using System.IO.Compression;
using TransformerClinic.Interop.Pickle;

namespace TransformerClinic.Interop.Torch;

/// <summary>Writes a file that PyTorch 1.6 and newer load with <c>torch.load</c>.</summary>
internal static class TorchFileWriter
{
    private const string Prefix = "archive/";

    // The oldest time that a zip archive can have: the same model gives the same bytes.
    private static readonly DateTimeOffset Time = new(1980, 1, 1, 0, 0, 0, TimeSpan.Zero);

    /// <summary>Writes a description and its storages.</summary>
    /// <param name="stream">Where to.</param>
    /// <param name="root">The description; see <see cref="PickleWriter"/>.</param>
    /// <param name="storages">
    /// The storages that it refers to, by their keys: what writes their little-endian elements.
    /// </param>
    public static void Write(Stream stream, object? root, IReadOnlyList<(string Key, Action<Stream> Write)> storages)
    {
        using var archive = new ZipArchive(stream, ZipArchiveMode.Create, leaveOpen: true);
        Add(archive, "data.pkl", content => PickleWriter.Write(content, root));
        foreach (var (key, write) in storages)
        {
            Add(archive, $"data/{key}", write);
        }

        Add(archive, "version", content => content.Write("3\n"u8));
    }

    private static void Add(ZipArchive archive, string name, Action<Stream> write)
    {
        var entry = archive.CreateEntry(Prefix + name, CompressionLevel.NoCompression);
        entry.LastWriteTime = Time;
        using var content = entry.Open();
        write(content);
    }
}
