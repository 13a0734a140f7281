using TransformerClinic.Common;
using TransformerClinic.Data.Exchange;
using TransformerClinic.Files;

namespace TransformerClinic.Data.Parts;

/// <summary>A file of training text, and what of it belongs to a part.</summary>
/// <param name="Path">Its full path.</param>
/// <param name="IsTable">Whether it is the only file of its corpus, so that its lines are pairs.</param>
/// <param name="IsExchange">Whether it is one that translators exchange.</param>
/// <param name="Bytes">Its size.</param>
/// <param name="Begin">The first byte of the part.</param>
/// <param name="End">The byte after the last one.</param>
/// <param name="EveryLine">
/// Whether all lines of these bytes belong to the part; otherwise these are all bytes, and each nth line or pair does.
/// </param>
internal sealed record PartFile(
    string Path,
    bool IsTable,
    bool IsExchange,
    long Bytes,
    long Begin,
    long End,
    bool EveryLine
)
{
    /// <summary>The files of a text.</summary>
    /// <param name="files">Their names.</param>
    /// <param name="baseFolder">Where relative paths start.</param>
    /// <param name="part">The part.</param>
    /// <exception cref="UserErrorException">One is missing, empty, damaged or a pipe.</exception>
    public static IReadOnlyList<PartFile> Of(ParallelFiles files, string baseFolder, FilePart part) =>
        [
            .. from corpus in files.Corpora
            from name in corpus.Paths
            let path = System.IO.Path.GetFullPath(System.IO.Path.Combine(baseFolder, name))
            select Of(path, isTable: corpus.Paths.Count == 1, part),
        ];

    /// <summary>The file's stretch as a stream.</summary>
    /// <param name="file">The file; it stays open.</param>
    public Stream Stretch(Stream file) => new FileRange(file, Begin, End);

    private static PartFile Of(string path, bool isTable, FilePart part)
    {
        if (FileKinds.Of(path) == FileKind.Special)
        {
            throw new UserErrorException(
                $"{path}: a pipe can be read only once, so that nobody could read its other parts. Write it to a file."
            );
        }

        using var file = TextLines.Open(path);
        var (bytes, isExchange) = (file.Length, ExchangeFile.IsOne(file, path, isTable));
        if (bytes == 0)
        {
            throw new UserErrorException($"{path}: the file is empty.");
        }

        if (isExchange && !isTable)
        {
            throw PairFile.HasBothLanguages(path);
        }

        if (isExchange || Compression.IsCompressed(file))
        {
            return new PartFile(path, isTable, isExchange, bytes, 0, bytes, EveryLine: false);
        }

        var range = part.In(file);
        return new PartFile(path, isTable, isExchange, bytes, range.Begin, range.Begin + range.Length, EveryLine: true);
    }
}
