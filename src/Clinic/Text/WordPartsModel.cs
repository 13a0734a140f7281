using System.Collections.Concurrent;
using System.Text;

namespace TransformerClinic.Text;

/// <summary>
/// Words cut into parts as subword-nmt and fastBPE do, with the pieces of a dictionary: words are what spaces separate,
/// a part that another one follows is marked with <c>@@</c>, and a piece that is not in the dictionary is the unknown
/// word. Without merges every word is a piece: text that is cut already.
/// </summary>
/// <remarks>
/// Source and target may have different merges, and pieces that only one of them has: to the other they are unknown.
/// White space is brought to single spaces, also where a tool of fairseq's would have taken it for a part of a word.
/// </remarks>
internal sealed class WordPartsModel : SubwordModel
{
    /// <summary>What marks a part that another one follows.</summary>
    public const string Separator = "@@";

    private readonly Side _source;
    private readonly Side _target;

    /// <summary>A model of a dictionary.</summary>
    /// <param name="pieces">The pieces, from id 4 on.</param>
    /// <param name="sourceMerges">The merges of the source; null for text that is cut already.</param>
    /// <param name="targetMerges">The merges of the target; null for text that is cut already.</param>
    /// <param name="onlySource">The ids that only the source has.</param>
    /// <param name="onlyTarget">The ids that only the target has.</param>
    /// <exception cref="ArgumentException">A piece occurs twice, or an id is not one of a piece.</exception>
    public WordPartsModel(
        IReadOnlyList<string> pieces,
        WordMerges? sourceMerges,
        WordMerges? targetMerges,
        IReadOnlyList<int> onlySource,
        IReadOnlyList<int> onlyTarget
    )
        : base(new Vocabulary(pieces))
    {
        (SourceMerges, TargetMerges, OnlySource, OnlyTarget) = (sourceMerges, targetMerges, onlySource, onlyTarget);
        if (onlySource.Concat(onlyTarget).Any(id => id < Vocabulary.Marks || id >= Vocabulary.Count))
        {
            throw new ArgumentException("An id that only one side has is not one of a piece.", nameof(onlySource));
        }

        _source = new Side(Vocabulary, sourceMerges, onlyTarget);
        _target = new Side(Vocabulary, targetMerges, onlySource);
    }

    /// <summary>The merges of the source; null for text that is cut already.</summary>
    public WordMerges? SourceMerges { get; }

    /// <summary>The merges of the target; null for text that is cut already.</summary>
    public WordMerges? TargetMerges { get; }

    /// <summary>The ids that only the source has.</summary>
    public IReadOnlyList<int> OnlySource { get; }

    /// <summary>The ids that only the target has.</summary>
    public IReadOnlyList<int> OnlyTarget { get; }

    /// <summary>The pieces, from id 4 on.</summary>
    public IEnumerable<string> Pieces =>
        Enumerable.Range(Vocabulary.Marks, Vocabulary.Count - Vocabulary.Marks).Select(id => Vocabulary[id]);

    /// <inheritdoc/>
    public override int[] Encode(string line) => _source.Encode(Normalize(line));

    /// <inheritdoc/>
    public override int[] EncodeTarget(string line) => _target.Encode(Normalize(line));

    /// <inheritdoc/>
    public override string Decode(ReadOnlySpan<int> ids)
    {
        var text = new StringBuilder();
        foreach (var id in ids)
        {
            if (id >= Vocabulary.Unknown)
            {
                text.Append(TextOrUnknown(id));
                if (!LeavesWordOpen(id))
                {
                    text.Append(' ');
                }
            }
        }

        return Normalize(text.ToString());
    }

    /// <inheritdoc/>
    public override string TextOf(int id) => id < Vocabulary.Marks ? "" : TextOrUnknown(id);

    /// <inheritdoc/>
    public override bool LeavesWordOpen(int id) =>
        TargetMerges is not null && Vocabulary[id].EndsWith(Separator, StringComparison.Ordinal);

    /// <inheritdoc/>
    public override string Normalize(string line)
    {
        var text = new StringBuilder(line.Length);
        foreach (var rune in line.EnumerateRunes()) // a half of a surrogate pair is U+FFFD
        {
            if (!IsWhiteSpace(rune))
            {
                text.Append(rune);
            }
            else if (text.Length > 0 && text[^1] != ' ')
            {
                text.Append(' ');
            }
        }

        return text.ToString().TrimEnd(' ');
    }

    /// <inheritdoc/>
    public override bool IsSameAs(SubwordModel other) =>
        other is WordPartsModel parts
        && Pieces.SequenceEqual(parts.Pieces, StringComparer.Ordinal)
        && WordMerges.AreSame(SourceMerges, parts.SourceMerges)
        && WordMerges.AreSame(TargetMerges, parts.TargetMerges)
        && OnlySource.SequenceEqual(parts.OnlySource)
        && OnlyTarget.SequenceEqual(parts.OnlyTarget);

    /// <inheritdoc/>
    public override void Save(string path) => WordPartsFile.Write(path, this);

    private string TextOrUnknown(int id) => LeavesWordOpen(id) ? Vocabulary[id][..^Separator.Length] : Vocabulary[id];

    // As Python, which fairseq cuts words with, has it.
    private static bool IsWhiteSpace(Rune rune) => Rune.IsWhiteSpace(rune) || rune.Value is >= 0x1C and <= 0x1F;

    /// <summary>One language's way from text to ids.</summary>
    private sealed class Side(Vocabulary vocabulary, WordMerges? merges, IReadOnlyList<int> unknown)
    {
        private const int CacheLimit = 1 << 20;
        private readonly HashSet<int> _unknown = [.. unknown];
        private readonly ConcurrentDictionary<string, int[]> _cache = new(StringComparer.Ordinal);
        private int _cached; // the dictionary's own count takes all its locks

        public int[] Encode(string line)
        {
            var ids = new List<int>();
            foreach (var word in line.Split(' ', StringSplitOptions.RemoveEmptyEntries))
            {
                if (!_cache.TryGetValue(word, out var pieces))
                {
                    pieces = [.. Pieces(word).Select(IdOf)];
                    if (_cached < CacheLimit && _cache.TryAdd(word, pieces))
                    {
                        Interlocked.Increment(ref _cached);
                    }
                }

                ids.AddRange(pieces);
            }

            return [.. ids];
        }

        private IEnumerable<string> Pieces(string word)
        {
            if (merges is null)
            {
                return [word];
            }

            var parts = merges.Cut(word);
            return [.. parts.Take(parts.Count - 1).Select(part => part + Separator), parts[^1]];
        }

        private int IdOf(string piece)
        {
            var id = vocabulary.IdOf(piece);
            // A mark that is spelled in a text is text.
            return id < Vocabulary.Marks || _unknown.Contains(id) ? Vocabulary.Unknown : id;
        }
    }
}
