using TransformerClinic.Common;
using TransformerClinic.Files;

namespace TransformerClinic.Data;

/// <summary>
/// A set of parallel text on disk, which is read as often as needed and is never in memory as a whole. What can be read
/// only once, as a pipe, is held as it is, compressed or not.
/// </summary>
internal sealed class PairSource
{
    private readonly string _baseFolder;
    private readonly LanguagePair _languages;
    private readonly Dictionary<string, byte[]> _held = new(StringComparer.Ordinal);

    /// <summary>A set; nothing is read yet.</summary>
    /// <param name="files">Its files.</param>
    /// <param name="baseFolder">Where relative paths start.</param>
    /// <param name="languages">
    /// Which languages to take of a file that has several; null if nobody named them. Files of text do not need it.
    /// </param>
    /// <exception cref="UserErrorException">There are no files, or one is missing.</exception>
    public PairSource(ParallelFiles files, string baseFolder, LanguagePair? languages = null)
    {
        if ((files.IsNone ? "no file is named." : files.Missing(baseFolder)) is { } problem)
        {
            throw new UserErrorException($"Sentence pairs: {problem}");
        }

        (Files, _baseFolder, _languages) = (files, baseFolder, languages ?? LanguagePair.Unnamed);
    }

    /// <summary>The files.</summary>
    public ParallelFiles Files { get; }

    /// <summary>Reads the set from its beginning.</summary>
    /// <param name="progress">Receives now and then how many bytes of the set are read; null for nobody.</param>
    /// <param name="cancellation">Ends the reading.</param>
    public PairPass Read(IProgress<long>? progress, CancellationToken cancellation) =>
        new(Files, _languages, Open, progress, cancellation);

    /// <summary>A file whose beginning can be looked at first.</summary>
    private (string Path, Stream Content) Open(string name, CancellationToken cancellation)
    {
        var path = Path.GetFullPath(Path.Combine(_baseFolder, name));
        if (_held.TryGetValue(path, out var held))
        {
            return (path, new MemoryStream(held, writable: false));
        }

        if (FileKinds.Of(path) != FileKind.Special)
        {
            return (path, TextLines.Open(path, cancellation));
        }

        var bytes = _held[path] = TextLines.ReadBytes(path, cancellation);
        return (path, new MemoryStream(bytes, writable: false));
    }
}
