using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using System.Text.Json.Serialization;
using TransformerClinic.Common;
using TransformerClinic.Files;
using TransformerClinic.Text;

namespace TransformerClinic.Data.Parts;

/// <summary>
/// The file of a part's words, as text: a line of JSON that says what was counted, a line <c>count, tab, word</c> for
/// each word in the order of its characters, and a last line with the hash of all lines before it. The same text gives
/// the same bytes.
/// </summary>
internal static class PartCountsFile
{
    private const string Format = "transformer-clinic-word-counts-1";
    private const string Mark = "sha256 ";
    private const int TrailerLength = 7 + (2 * 32) + 1;
    private const string Remedy = "Remove it, and count this part again.";

    private sealed record Header(
        [property: JsonRequired] string Format,
        [property: JsonRequired] int Part,
        [property: JsonRequired] int Of,
        [property: JsonRequired] Normalization Normalization,
        [property: JsonRequired] int Words,
        [property: JsonRequired] IReadOnlyList<CountedStretch> Text
    );

    /// <summary>The name of a part's file: <c>part-3-of-8.counts</c>.</summary>
    public static string NameOf(FilePart part) =>
        FormattableString.Invariant($"part-{part.Number}-of-{part.Count}.counts");

    /// <summary>Writes a file, whole or not at all.</summary>
    /// <exception cref="IOException">The disk is full.</exception>
    public static void Write(string path, PartCounts counts) =>
        AtomicFile.Write(
            path,
            stream =>
            {
                using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
                using var text = new MemoryStream();
                var words = counts.Counts.Words;
                var header = new Header(
                    Format,
                    counts.Part.Number,
                    counts.Part.Count,
                    counts.Normalization,
                    words.Count,
                    counts.Text
                );
                text.Write(Encoding.UTF8.GetBytes(Json.Line(header) + "\n"));
                foreach (var (word, count) in words.OrderBy(word => word.Key, StringComparer.Ordinal))
                {
                    text.Write(Encoding.UTF8.GetBytes(FormattableString.Invariant($"{count}\t{word}\n")));
                    if (text.Length >= 1 << 20)
                    {
                        Flush();
                    }
                }

                Flush();
                stream.Write(Encoding.UTF8.GetBytes($"{Mark}{Convert.ToHexStringLower(hash.GetHashAndReset())}\n"));

                void Flush()
                {
                    var bytes = text.GetBuffer().AsSpan(0, (int)text.Length);
                    hash.AppendData(bytes);
                    stream.Write(bytes);
                    text.SetLength(0);
                }
            }
        );

    /// <summary>Reads a file.</summary>
    /// <exception cref="UserErrorException">It is missing, damaged, or not such a file.</exception>
    public static PartCounts Read(string path)
    {
        using var file = InputFile.Open(path);
        CheckHash(file, path);
        using var lines = TextLines
            .Enumerate(new FileRange(file, 0, file.Length - TrailerLength), path)
            .GetEnumerator();
        var header = ReadHeader(lines, path);
        var words = new Dictionary<string, long>(header.Words, StringComparer.Ordinal);
        while (lines.MoveNext())
        {
            var (word, count) = Word(lines.Current, path);
            if (!words.TryAdd(word, count))
            {
                throw Damaged(path, $"it has the word '{word}' twice");
            }
        }

        return words.Count == header.Words
            ? new PartCounts(
                FilePart.Of(header.Part, header.Of),
                header.Normalization,
                header.Text,
                new WordCounts(words)
            )
            : throw Damaged(path, $"it has {words.Count} words, and {header.Words} were written");
    }

    private static void CheckHash(FileStream file, string path)
    {
        if (file.Length <= TrailerLength)
        {
            throw Damaged(path, "it is too short");
        }

        using var text = new HashedStream(
            new FileRange(file, 0, file.Length - TrailerLength),
            progress: null,
            CancellationToken.None
        );
        var hash = text.HashOfAll();
        var trailer = new byte[TrailerLength];
        file.Position = file.Length - TrailerLength;
        file.ReadExactly(trailer);
        if (Encoding.UTF8.GetString(trailer) != $"{Mark}{hash}\n")
        {
            throw Damaged(path, "it is not what was written (its hash differs)");
        }
    }

    private static Header ReadHeader(IEnumerator<string> lines, string path)
    {
        try
        {
            var header = lines.MoveNext() ? Json.FromLine<Header>(lines.Current) : null;
            return header is { Words: >= 0, Of: >= 1 and <= FilePart.Most, Part: >= 0 } && header.Part < header.Of
                ? header.Format == Format
                    ? header
                    : throw new UserErrorException(
                        $"{path}: these words were counted by another version of this program (format "
                            + $"'{header.Format}', this one has '{Format}'). {Remedy}"
                    )
                : throw Damaged(path, "it does not say what was counted");
        }
        catch (JsonException exception)
        {
            throw Damaged(path, $"it does not say what was counted ({exception.Message})");
        }
    }

    private static (string Word, long Count) Word(string line, string path) =>
        line.IndexOf('\t', StringComparison.Ordinal) is var tab and > 0
        && tab < line.Length - 1
        && long.TryParse(line.AsSpan(0, tab), NumberStyles.None, CultureInfo.InvariantCulture, out var count)
        && count > 0
            ? (line[(tab + 1)..], count)
            : throw Damaged(path, "a line of it is not a count and a word");

    private static UserErrorException Damaged(string path, string what) =>
        new($"{path}: this file of counted words is damaged: {what}. {Remedy}");
}
