using System.Globalization;
using TransformerClinic.Files;
using TransformerClinic.Text;

namespace TransformerClinic.Data.Stored;

/// <summary>
/// What a stored set is to be made of, and whether one that is there was made of the same. Texts are hashed again only
/// where their size or time has changed.
/// </summary>
internal sealed class StoredRequest
{
    private const string Subwords = "subwords";

    // Only of files that have several languages do these decide what is read.
    private const string Languages = "data.sourceLanguage and data.targetLanguage";

    private readonly SortedDictionary<string, string> _options = new(StringComparer.Ordinal);
    private readonly IReadOnlyList<string> _names;
    private readonly IReadOnlyList<TextFile> _texts;
    private readonly SubwordModel? _given;

    /// <summary>A request; sizes and times of the files are those of now.</summary>
    /// <param name="data">Where the text is, and what of it is dropped.</param>
    /// <param name="maxPositions">Longest sequence that the model takes.</param>
    /// <param name="baseFolder">Where relative paths start.</param>
    /// <param name="learned">How subwords are learned.</param>
    /// <param name="given">The subword model, if it is not to be learned.</param>
    public StoredRequest(
        DataOptions data,
        int maxPositions,
        string baseFolder,
        SubwordOptions learned,
        SubwordModel? given
    )
    {
        (_given, _names) = (given, data.Train.Paths);
        _texts = [.. data.Train.FullPaths(baseFolder).Select(TextFile.Now)];
        _options["data.maxLength"] = Math.Min(data.MaxLength, maxPositions).ToString(CultureInfo.InvariantCulture);
        _options["data.maxLengthRatio"] = data.MaxLengthRatio.ToString("R", CultureInfo.InvariantCulture);
        _options["data.train"] = Shape(data.Train);
        _options[Languages] = $"{data.SourceLanguage} and {data.TargetLanguage}";
        _options[Subwords] = given is null
            ? FormattableString.Invariant(
                $"{learned.Merges} merges, minPairCount {learned.MinPairCount}, {Form(learned.Normalization)}"
            )
            : "those of a model";
    }

    /// <summary>What decided the ids of a set that was made as requested.</summary>
    /// <param name="hashes">SHA-256 of the files, by the paths that were given.</param>
    public StoredOrigin Origin(IReadOnlyDictionary<string, string> hashes) =>
        new(_options, [.. _texts.Zip(_names, (text, name) => text with { Sha256 = hashes[name] })]);

    /// <summary>In what a stored set differs from the request, in words; null if it is what is asked for.</summary>
    /// <param name="set">The set; what it knows of files that were only moved or touched is brought up to date.</param>
    /// <param name="mayBeGone">
    /// Whether files that are no longer there are taken to be what they were; otherwise they differ.
    /// </param>
    public string? DifferenceFrom(StoredSet set, bool mayBeGone)
    {
        var origin = set.Origin;
        foreach (var (name, then) in origin.Options)
        {
            var decides = name != Subwords && (name != Languages || set.Ledger.Languages is not null);
            if (decides && _options.GetValueOrDefault(name) is var now && now != then)
            {
                return $"{name} is {now}, and was {then} when it was stored";
            }
        }

        if (OtherSubwords(set) is { } other)
        {
            return other;
        }

        var texts = new List<TextFile>();
        foreach (var (then, now) in origin.Texts.Zip(_texts))
        {
            if (Difference(then, now, mayBeGone) is { } difference)
            {
                return difference;
            }

            texts.Add(now.Bytes < 0 ? then : now with { Sha256 = then.Sha256 });
        }

        var hashes = new SortedDictionary<string, string>(StringComparer.Ordinal);
        foreach (var (name, text) in _names.Zip(texts))
        {
            hashes[name] = text.Sha256;
        }

        set.Renew(texts, hashes);
        return null;
    }

    private string? OtherSubwords(StoredSet set)
    {
        if (_given is not null)
        {
            return _given.IsSameAs(set.Subwords()) ? null : "its subwords are not those that training begins with";
        }

        var (then, now) = (set.Origin.Options.GetValueOrDefault(Subwords), _options[Subwords]);
        return then == now ? null : $"subwords are {now}, and were {then} when it was stored";
    }

    private static string? Difference(TextFile then, TextFile now, bool mayBeGone)
    {
        if (now.Bytes < 0)
        {
            return mayBeGone ? null : $"{now.Path} is not there";
        }

        if (FileKinds.Of(now.Path) == FileKind.Special)
        {
            return $"{now.Path} can be read only once, so nobody can tell whether it is what was stored";
        }

        if (then.IsAsBefore(now))
        {
            return null;
        }

        return then.Bytes == now.Bytes && ContentHash.OfFile(now.Path) == then.Sha256
            ? null
            : $"{now.Path} is not what it was when it was stored";
    }

    private static string Form(Normalization normalization) => normalization == Normalization.Nfc ? "nfc" : "nfkc";

    private static string Shape(ParallelFiles files) =>
        string.Join(" + ", files.Corpora.Select(corpus => corpus.Paths.Count == 1 ? "a file of pairs" : "two files"));
}
