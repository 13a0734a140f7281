using TransformerClinic.Common;
using TransformerClinic.Files;
using TransformerClinic.Text;

namespace TransformerClinic.Data.Parts;

/// <summary>Finds out whether counted words are those of a part of the text as it is now.</summary>
/// <param name="cancellation">Ends the work.</param>
internal sealed class PartCheck(CancellationToken cancellation)
{
    private readonly Dictionary<(string Path, long Begin, long End), string> _hashes = []; // of compressed files once

    /// <summary>Why they are not, in words; null if they are.</summary>
    /// <param name="counts">The counted words.</param>
    /// <param name="part">The part.</param>
    /// <param name="files">The text's files, and what of them belongs to the part.</param>
    /// <param name="normalization">The Unicode form that words are to have.</param>
    public string? WhyNot(
        PartCounts counts,
        FilePart part,
        IReadOnlyList<PartFile> files,
        Normalization normalization
    ) =>
        counts.Part != part ? $"they are of part {counts.Part}"
        : counts.Normalization != normalization
            ? $"they are in the form {OptionKey.Format(counts.Normalization)}, and subwords.normalization is "
                + OptionKey.Format(normalization)
        : counts.Text.Count != files.Count
            ? $"they are of {counts.Text.Count} files, and the training text has {files.Count}"
        : counts.Text.Zip(files, WhyNot).OfType<string>().FirstOrDefault();

    private string? WhyNot(CountedStretch counted, PartFile now)
    {
        var then = (counted.Bytes, counted.Begin, counted.End, counted.EveryLine);
        return then != (now.Bytes, now.Begin, now.End, now.EveryLine)
                ? $"they are of a file {counted.Name} with {counted.Bytes} bytes, and {now.Path} is another"
            : HashOf(now) != counted.Sha256 ? $"{now.Path} has changed since"
            : null;
    }

    private string HashOf(PartFile now)
    {
        var stretch = (now.Path, now.Begin, now.End);
        if (!_hashes.TryGetValue(stretch, out var hash))
        {
            using var file = TextLines.Open(now.Path, cancellation);
            using var hashed = new HashedStream(now.Stretch(file), progress: null, cancellation);
            _hashes[stretch] = hash = hashed.HashOfAll();
        }

        return hash;
    }
}
