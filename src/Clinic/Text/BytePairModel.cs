using System.Collections.Concurrent;
using System.Globalization;
using System.Text;
using TransformerClinic.Common;

namespace TransformerClinic.Text;

/// <summary>
/// A joint byte-pair encoding that loses nothing: a character that the training text does not contain is spelled in its
/// UTF-8 bytes, and <c>Decode(Encode(x)) = Normalize(x)</c> for every string x. Its ids: marks, bytes, characters,
/// merges.
/// </summary>
internal sealed class BytePairModel : SubwordModel
{
    private const int CacheLimit = 1 << 20;
    private const int Bytes = 256;

    private readonly TextNormalizer _normalizer;
    private readonly Dictionary<(int Left, int Right), (int Rank, int Symbol)> _merges = [];
    private readonly ConcurrentDictionary<string, int[]> _cache = new(StringComparer.Ordinal);
    private int _cached; // the dictionary's own count takes all its locks

    internal BytePairModel(
        Normalization normalization,
        IReadOnlyList<string> characters,
        IReadOnlyList<(string Left, string Right)> merges
    )
        : base(
            new Vocabulary([
                .. Enumerable.Range(0, Bytes).Select(ByteName),
                .. characters,
                .. merges.Select(merge => merge.Left + merge.Right),
            ])
        )
    {
        (Normalization, Characters, Merges) = (normalization, characters, merges);
        _normalizer = new TextNormalizer(normalization);
        foreach (var (left, right) in merges)
        {
            var pair = (Vocabulary.IdOf(left), Vocabulary.IdOf(right));
            if (pair.Item1 < Vocabulary.Marks || pair.Item2 < Vocabulary.Marks)
            {
                throw new ArgumentException(
                    $"The merge of '{left}' and '{right}' is of unknown pieces.",
                    nameof(merges)
                );
            }

            _merges.Add(pair, (_merges.Count, Vocabulary.IdOf(left + right)));
        }
    }

    /// <summary>The Unicode form that text is brought to.</summary>
    public Normalization Normalization { get; }

    internal IReadOnlyList<string> Characters { get; }

    internal IReadOnlyList<(string Left, string Right)> Merges { get; }

    /// <summary>Learns a model from lines of text.</summary>
    /// <param name="lines">The text.</param>
    /// <param name="options">How it is learned.</param>
    /// <param name="progress">Told how many merges are learned.</param>
    /// <param name="cancellation">Ends the work.</param>
    /// <exception cref="UserErrorException">An option has a value that is not allowed.</exception>
    /// <exception cref="OperationCanceledException">The token was canceled.</exception>
    public static new BytePairModel Learn(
        IEnumerable<string> lines,
        SubwordOptions options,
        IProgress<double>? progress = null,
        CancellationToken cancellation = default
    ) =>
        Learn(
            WordCounts.Of(lines, OptionCheck.Valid(options, "subwords").Normalization, cancellation),
            options,
            progress,
            cancellation
        );

    /// <summary>Learns a model from the words of a text.</summary>
    /// <exception cref="OperationCanceledException">The token was canceled.</exception>
    internal static BytePairModel Learn(
        WordCounts counts,
        SubwordOptions options,
        IProgress<double>? progress,
        CancellationToken cancellation
    )
    {
        var words = counts.Words;
        var characters = words
            .SelectMany(word => word.Key.EnumerateRunes().Select(rune => (Character: rune.ToString(), word.Value)))
            .GroupBy(use => use.Character, use => use.Value, StringComparer.Ordinal)
            .OrderByDescending(uses => uses.Sum())
            .ThenBy(uses => uses.Key, StringComparer.Ordinal)
            .Select(uses => uses.Key)
            .ToList();

        var symbols = characters.ToList();
        var ids = characters
            .Select((character, id) => (character, id))
            .ToDictionary(c => c.character, c => c.id, StringComparer.Ordinal);
        var learner = new MergeLearner(
            words
                .OrderBy(word => word.Key, StringComparer.Ordinal)
                .Select(word => (word.Key.EnumerateRunes().Select(rune => ids[rune.ToString()]).ToArray(), word.Value))
        );
        var merges = new List<(string, string)>();
        while (merges.Count < options.Merges && learner.Next(options.MinPairCount) is { } pair)
        {
            cancellation.ThrowIfCancellationRequested();
            var (left, right) = (symbols[pair.Left], symbols[pair.Right]);

            // Always a new piece: merges that do not cross a piece's ends are the same wherever it occurs, so there is
            // one way to it.
            learner.Merge(pair, symbols.Count);
            symbols.Add(left + right);
            merges.Add((left, right));
            progress?.Report(merges.Count);
        }

        return new BytePairModel(options.Normalization, characters, merges);
    }

    /// <summary>
    /// The text of an id by itself; empty for marks, and for bytes that are a character only with others.
    /// </summary>
    public override string TextOf(int id) =>
        !IsByte(id)
            ? id < Vocabulary.Marks
                ? ""
                : Vocabulary[id]
            : id - Vocabulary.Marks <= sbyte.MaxValue
                ? ((char)(id - Vocabulary.Marks)).ToString()
                : "";

    /// <summary>The line as the model sees it: normalized, white space reduced to single spaces.</summary>
    public override string Normalize(string line) => _normalizer.Normalize(line);

    /// <inheritdoc/>
    public override int[] Encode(string line)
    {
        var ids = new List<int>();
        var cached = _cache.GetAlternateLookup<ReadOnlySpan<char>>();
        var text = Normalize(line) is { Length: > 0 } normal ? $" {normal}" : "";
        for (int start = 0, end; start < text.Length; start = end)
        {
            end = WordSplitter.End(text, start);
            if (!cached.TryGetValue(text.AsSpan(start..end), out var pieces))
            {
                var word = text[start..end];
                pieces = EncodeWord(word, isDropped: null);
                if (_cached < CacheLimit && _cache.TryAdd(word, pieces))
                {
                    Interlocked.Increment(ref _cached);
                }
            }

            ids.AddRange(pieces);
        }

        return [.. ids];
    }

    /// <summary>
    /// The ids of a line's pieces with merges left out at random, as BPE-dropout does (Provilkov, Emelianenko and Voita
    /// 2020, algorithm 1): at each step in a word, each possible merge is dropped with probability p, and the first one
    /// in the order of learning that is left is made, until none is left. With p = 1 the pieces are characters.
    /// </summary>
    /// <param name="line">The line.</param>
    /// <param name="p">The probability.</param>
    /// <param name="draws">Decides, one number for each possible merge of each step.</param>
    public int[] EncodeDropping(string line, double p, CounterStream draws)
    {
        var ids = new List<int>();
        foreach (var word in WordSplitter.Split(Normalize(line)))
        {
            ids.AddRange(EncodeWord(word, () => draws.Next() < p));
        }

        return [.. ids];
    }

    /// <summary>
    /// The text of a sequence of ids; marks are skipped. Bytes that form no UTF-8 character become U+FFFD, and the
    /// result is normalized: whatever a model puts out is one line without tabs.
    /// </summary>
    public override string Decode(ReadOnlySpan<int> ids)
    {
        var text = new StringBuilder();
        var bytes = new List<byte>();
        foreach (var id in ids)
        {
            if (IsByte(id))
            {
                bytes.Add((byte)(id - Vocabulary.Marks));
                continue;
            }

            Flush(text, bytes);
            if (id >= Vocabulary.Marks)
            {
                text.Append(Vocabulary[id]);
            }
        }

        Flush(text, bytes);
        return Normalize(text.ToString());
    }

    /// <inheritdoc/>
    public override bool IsSameAs(SubwordModel other) =>
        other is BytePairModel pairs
        && Normalization == pairs.Normalization
        && Characters.SequenceEqual(pairs.Characters)
        && Merges.SequenceEqual(pairs.Merges);

    /// <inheritdoc/>
    public override void Save(string path) => BytePairFile.Write(path, this);

    /// <inheritdoc/>
    public override SubwordOptions DescribedBy(SubwordOptions options) =>
        options with
        {
            Merges = Merges.Count,
            Normalization = Normalization,
        };

    /// <summary>Whether an id stands for a byte.</summary>
    internal static bool IsByte(int id) => id is >= Vocabulary.Marks and < Vocabulary.Marks + Bytes;

    private static string ByteName(int value) => string.Create(CultureInfo.InvariantCulture, $"<0x{value:X2}>");

    private static void Flush(StringBuilder text, List<byte> bytes)
    {
        if (bytes.Count > 0)
        {
            text.Append(Encoding.UTF8.GetString([.. bytes]));
            bytes.Clear();
        }
    }

    private int[] EncodeWord(string word, Func<bool>? isDropped)
    {
        var symbols = new List<int>(word.Length);
        foreach (var rune in word.EnumerateRunes())
        {
            var id = Vocabulary.IdOf(rune.ToString());
            if (id != Vocabulary.Unknown)
            {
                symbols.Add(id);
            }
            else
            {
                symbols.AddRange(Encoding.UTF8.GetBytes(rune.ToString()).Select(value => Vocabulary.Marks + value));
            }
        }

        while (BestMerge(symbols, isDropped) is { } merge)
        {
            symbols[merge.At] = merge.Symbol;
            symbols.RemoveAt(merge.At + 1);
        }

        return [.. symbols];
    }

    private (int At, int Symbol)? BestMerge(List<int> symbols, Func<bool>? isDropped)
    {
        (int At, int Symbol)? best = null;
        var bestRank = int.MaxValue;
        for (var i = 0; i + 1 < symbols.Count; i++)
        {
            if (
                _merges.TryGetValue((symbols[i], symbols[i + 1]), out var merge)
                && isDropped?.Invoke() != true
                && merge.Rank < bestRank
            )
            {
                (bestRank, best) = (merge.Rank, (i, merge.Symbol));
            }
        }

        return best;
    }
}
