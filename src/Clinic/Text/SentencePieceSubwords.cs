using System.Text;
using TransformerClinic.Text.SentencePiece;

namespace TransformerClinic.Text;

/// <summary>
/// Subwords of a model that was trained with SentencePiece, one model of it for each language or one for both. The ids
/// are the vocabulary's, not SentencePiece's: a piece that the vocabulary does not have is unknown.
/// </summary>
/// <remarks>
/// A line may begin with a piece of the vocabulary in double angle brackets, such as <c>>>fra&lt;&lt;</c>, which tells
/// a model of several target languages which one to write; it is not cut.
/// </remarks>
internal sealed class SentencePieceSubwords : SubwordModel
{
    private readonly Side _source;
    private readonly Side _target;

    /// <summary>Subwords of a vocabulary.</summary>
    /// <param name="source">The source language's model.</param>
    /// <param name="target">The target language's; the same for one of both.</param>
    /// <param name="pieces">The vocabulary without its marks, in the order of ids.</param>
    /// <exception cref="ArgumentException">A piece occurs twice.</exception>
    public SentencePieceSubwords(SentencePieceModel source, SentencePieceModel target, IEnumerable<string> pieces)
        : base(new Vocabulary(pieces)) =>
        (_source, _target) = (new Side(source, Vocabulary), new Side(target, Vocabulary));

    /// <summary>The source language's model.</summary>
    public SentencePieceModel Source => _source.Model;

    /// <summary>The target language's model; the source's if both share one.</summary>
    public SentencePieceModel Target => _target.Model;

    /// <inheritdoc/>
    public override int[] Encode(string line) => _source.Encode(line);

    /// <inheritdoc/>
    public override int[] EncodeTarget(string line) => _target.Encode(line);

    /// <summary>
    /// The text of a sequence of ids, one line without tabs. What is unknown shows as SentencePiece shows it.
    /// </summary>
    public override string Decode(ReadOnlySpan<int> ids)
    {
        var text = new StringBuilder(_target.Decode(ids));
        for (var i = 0; i < text.Length; i++)
        {
            text[i] = text[i] is '\t' or '\n' or '\r' or '\v' or '\f' or '\u0085' or '\u2028' or '\u2029'
                ? ' '
                : text[i];
        }

        return text.ToString();
    }

    /// <inheritdoc/>
    public override string TextOf(int id) => _target.TextOf(id);

    /// <inheritdoc/>
    public override string Normalize(string line) => Target.Normalize(line);

    /// <inheritdoc/>
    public override bool IsSameAs(SubwordModel other) =>
        other is SentencePieceSubwords pieces
        && Source.File.AsSpan().SequenceEqual(pieces.Source.File)
        && Target.File.AsSpan().SequenceEqual(pieces.Target.File)
        && Pieces.SequenceEqual(pieces.Pieces);

    /// <inheritdoc/>
    public override void Save(string path) => SentencePieceSubwordsFile.Write(path, this);

    /// <summary>The vocabulary without its marks, in the order of ids.</summary>
    internal IEnumerable<string> Pieces =>
        Enumerable.Range(Vocabulary.Marks, Vocabulary.Count - Vocabulary.Marks).Select(id => Vocabulary[id]);

    /// <summary>A language: SentencePiece's numbers of pieces and the vocabulary's ids.</summary>
    private sealed class Side
    {
        private readonly Vocabulary _vocabulary;
        private readonly int[] _ids;
        private readonly Dictionary<int, int> _numbers = [];
        private readonly int _unknown;

        public Side(SentencePieceModel model, Vocabulary vocabulary)
        {
            (Model, _vocabulary) = (model, vocabulary);
            _unknown = model.Pieces.Index().First(entry => entry.Item.Type == PieceType.Unknown).Index;
            _ids = [.. model.Pieces.Select(IdOf)];
            foreach (var (number, id) in _ids.Index())
            {
                _numbers.TryAdd(id, number);
            }
        }

        public SentencePieceModel Model { get; }

        public int[] Encode(string line)
        {
            var (language, text) = Language(line);
            return [.. language, .. Model.Encode(text).Select(number => _ids[number])];
        }

        public string Decode(ReadOnlySpan<int> ids)
        {
            var text = new StringBuilder();
            var numbers = new List<int>();
            foreach (var id in ids)
            {
                if (id is Vocabulary.Bos or Vocabulary.Pad or Vocabulary.EndOfSentence)
                {
                    continue;
                }

                if (id == Vocabulary.Unknown)
                {
                    numbers.Add(_unknown);
                }
                else if (_numbers.TryGetValue(id, out var number))
                {
                    numbers.Add(number);
                }
            }

            return text.Append(Model.Decode(numbers)).ToString();
        }

        /// <summary>A piece that is not this language's has no text.</summary>
        public string TextOf(int id) =>
            id >= Vocabulary.Marks && _numbers.TryGetValue(id, out var number) ? Model.TextOf(number) : "";

        private int IdOf(ModelPiece piece) =>
            piece.Type is PieceType.Unknown ? Vocabulary.Unknown : _vocabulary.IdOf(piece.Text);

        private (int[] Id, string Text) Language(string line)
        {
            var end = line.StartsWith(">>", StringComparison.Ordinal)
                ? line.IndexOf("<<", StringComparison.Ordinal) + 2
                : 0;
            return end > 2 && _vocabulary.IdOf(line[..end]) is >= Vocabulary.Marks and var id
                ? ([id], line[end..])
                : ([], line);
        }
    }
}
