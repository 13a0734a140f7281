using TransformerClinic.Common;
using TransformerClinic.Files;

namespace TransformerClinic.Data;

/// <summary>A file of parallel text that is being read.</summary>
/// <param name="path">Its full path.</param>
/// <param name="stream">Its bytes, from the start; owned.</param>
/// <param name="isExchange">Whether it is one that translators exchange.</param>
/// <param name="progress">Receives now and then how many bytes are read.</param>
/// <param name="cancellation">Ends the reading.</param>
internal sealed class PairFile(
    string path,
    Stream stream,
    bool isExchange,
    IProgress<long> progress,
    CancellationToken cancellation
) : IDisposable
{
    /// <summary>The full path.</summary>
    public string Path => path;

    /// <summary>Whether it is one that translators exchange.</summary>
    public bool IsExchange => isExchange;

    /// <summary>The bytes, which are hashed while they are read.</summary>
    public HashedStream Content { get; } = new(stream, progress, cancellation);

    /// <summary>The lines, one by one.</summary>
    /// <exception cref="UserErrorException">There are none, or one is not UTF-8 text.</exception>
    public IEnumerable<string> Lines()
    {
        var isEmpty = true;
        foreach (var line in TextLines.Enumerate(Content, path))
        {
            isEmpty = false;
            yield return line;
        }

        if (isEmpty)
        {
            throw new UserErrorException($"{path}: the file is empty.");
        }
    }

    /// <summary>The error for a file that translators exchange, next to a second file.</summary>
    public static UserErrorException HasBothLanguages(string path) =>
        new($"{path}: this file has both languages, so that a second one has no place: name only it.");

    /// <inheritdoc/>
    public void Dispose()
    {
        Content.Dispose();
        stream.Dispose();
    }
}
