using System.Globalization;
using System.Text;
using TransformerClinic.Common;
using TransformerClinic.Files;

namespace TransformerClinic.Text.SentencePiece;

/// <summary>
/// A <c>.model</c> or <c>.spm</c> file of SentencePiece (sentencepiece_model.proto, ModelProto), unigram or BPE: text
/// into numbers of pieces and back, as SentencePiece does it.
/// </summary>
internal sealed class SentencePieceModel
{
    private const char Space = '\u2581';
    private const string DefaultUnknown = " \u2047 ";

    private readonly PieceNormalizer _normalizer;
    private readonly IPieceSegmenter _segmenter;
    private readonly NormalizerOptions _options;
    private readonly int _unknown;
    private readonly int[]? _bytes;
    private readonly string _unknownText;

    private SentencePieceModel(byte[] content, Content model)
    {
        (File, Pieces, _options) = (content, model.Pieces, model.Normalizer);
        _unknownText = model.UnknownText;
        _unknown = model.Pieces.FindIndex(piece => piece.Type == PieceType.Unknown);
        if (_unknown < 0)
        {
            throw new InvalidDataException("It has no piece for what is unknown.");
        }

        _bytes = model.ByteFallback ? BytePieces(model.Pieces) : null;
        var whole = new PieceTrie();
        foreach (var (number, piece) in model.Pieces.Index().Where(entry => entry.Item.Type == PieceType.UserDefined))
        {
            whole.Add(Encoding.UTF8.GetBytes(piece.Text), number);
        }

        _normalizer = new PieceNormalizer(model.Normalizer, whole);
        _segmenter = model.Kind switch
        {
            ModelKind.Unigram => new UnigramSegmenter(model.Pieces, _unknown),
            ModelKind.BytePairs => new MergeSegmenter(model.Pieces, _unknown, whole),
            _ => throw new InvalidDataException(
                $"It is a {model.Kind.ToString().ToLowerInvariant()} model; unigram and BPE models can be read."
            ),
        };
    }

    private enum ModelKind
    {
        Unigram = 1,
        BytePairs = 2,
        Word = 3,
        Character = 4,
    }

    /// <summary>The pieces by their numbers.</summary>
    public IReadOnlyList<ModelPiece> Pieces { get; }

    /// <summary>The file's bytes.</summary>
    public byte[] File { get; }

    /// <summary>Reads a file.</summary>
    /// <exception cref="UserErrorException">It is missing or not such a model.</exception>
    public static SentencePieceModel Load(string path)
    {
        try
        {
            return Read(TextLines.ReadBytes(path));
        }
        catch (InvalidDataException exception)
        {
            throw new UserErrorException($"{path}: this is not a SentencePiece model. {exception.Message}", exception);
        }
    }

    /// <summary>Reads a file's content.</summary>
    /// <exception cref="InvalidDataException">It is not such a model.</exception>
    public static SentencePieceModel Read(byte[] content) => new(content, Content.Of(content));

    /// <summary>
    /// The numbers of a text's pieces; normalizes first. What no piece covers is spelled in bytes where the model has
    /// them; otherwise a run of it is one unknown piece.
    /// </summary>
    public List<int> Encode(string text)
    {
        var normalized = _normalizer.Normalize(Encoding.UTF8.GetBytes(text));
        var (numbers, at, afterUnknown) = (new List<int>(), 0, false);
        foreach (var (length, piece) in _segmenter.Cut(normalized))
        {
            var isUnknown = piece == _unknown;
            if (isUnknown && _bytes is not null)
            {
                numbers.AddRange(normalized.Skip(at).Take(length).Select(value => _bytes[value]));
            }
            else if (!isUnknown || !afterUnknown)
            {
                numbers.Add(piece);
            }

            afterUnknown = isUnknown;
            at += length;
        }

        return numbers;
    }

    /// <summary>
    /// The text of pieces, by their numbers. Bytes that form no UTF-8 character become U+FFFD, and so does each.
    /// </summary>
    public string Decode(IEnumerable<int> numbers)
    {
        var text = new StringBuilder();
        var bytes = new List<byte>();
        var isFirst = true;
        foreach (var number in numbers)
        {
            var piece = Pieces[number];
            if (piece.Type == PieceType.Byte)
            {
                bytes.Add(ByteOf(piece.Text));
                continue;
            }

            Flush(text, bytes);
            isFirst &= text.Length == 0;
            text.Append(TextOf(piece, isFirst));
            isFirst &= _options.RemoveExtraWhitespaces || !piece.Text.StartsWith(Space);
        }

        Flush(text, bytes);
        return text.ToString();
    }

    /// <summary>A piece's text by itself; empty for what is none by itself.</summary>
    public string TextOf(int number)
    {
        var piece = Pieces[number];
        return piece.Type != PieceType.Byte ? TextOf(piece, isFirst: false)
            : ByteOf(piece.Text) <= sbyte.MaxValue ? ((char)ByteOf(piece.Text)).ToString()
            : "";
    }

    /// <summary>A text as the model sees it, in plain spaces.</summary>
    public string Normalize(string text) =>
        Encoding.UTF8.GetString(_normalizer.Normalize(Encoding.UTF8.GetBytes(text))).Replace(Space, ' ').Trim(' ');

    private string TextOf(ModelPiece piece, bool isFirst)
    {
        switch (piece.Type)
        {
            case PieceType.Control:
                return "";
            case PieceType.Unknown:
                return _unknownText;
            default:
                var drops = _options.AddDummyPrefix || _options.RemoveExtraWhitespaces;
                var text = isFirst && drops && piece.Text.StartsWith(Space) ? piece.Text[1..] : piece.Text;
                return text.Replace(Space, ' ');
        }
    }

    private static void Flush(StringBuilder text, List<byte> bytes)
    {
        var rest = bytes.ToArray().AsSpan();
        while (!rest.IsEmpty)
        {
            var done = Rune.DecodeFromUtf8(rest, out var rune, out var length) == System.Buffers.OperationStatus.Done;
            text.Append(rune.ToString());
            rest = rest[(done ? length : 1)..];
        }

        bytes.Clear();
    }

    private static int[] BytePieces(List<ModelPiece> pieces)
    {
        var numbers = new int[byte.MaxValue + 1];
        Array.Fill(numbers, PieceTrie.None);
        foreach (var (number, piece) in pieces.Index().Where(entry => entry.Item.Type == PieceType.Byte))
        {
            numbers[ByteOf(piece.Text)] = number;
        }

        return numbers.Contains(PieceTrie.None)
            ? throw new InvalidDataException("It spells characters in bytes, but has not a piece for every byte.")
            : numbers;
    }

    /// <summary>The value of <c>&lt;0x41&gt;</c>.</summary>
    private static byte ByteOf(string piece) =>
        piece is ['<', '0', 'x', var high, var low, '>'] && char.IsAsciiHexDigit(high) && char.IsAsciiHexDigit(low)
            ? byte.Parse([high, low], NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture)
            : throw new InvalidDataException($"Its piece '{piece}' is not a byte's.");

    /// <summary>What a file says.</summary>
    private sealed record Content(
        List<ModelPiece> Pieces,
        ModelKind Kind,
        bool ByteFallback,
        string UnknownText,
        NormalizerOptions Normalizer
    )
    {
        public static Content Of(ReadOnlySpan<byte> file)
        {
            var content = new Content([], ModelKind.Unigram, false, DefaultUnknown, new NormalizerOptions());
            var reader = new ProtobufReader(file);
            while (reader.Next())
            {
                content = reader.Field switch
                {
                    1 => content.WithPiece(reader.Bytes),
                    2 => content.WithTraining(reader.Bytes),
                    3 => content with { Normalizer = Normalization(reader.Bytes, content.Normalizer) },
                    _ => content,
                };
            }

            return content.Pieces.Count > 0 ? content : throw new InvalidDataException("It has no pieces.");
        }

        private Content WithPiece(ReadOnlySpan<byte> message)
        {
            var (text, score, type) = ("", 0f, PieceType.Normal);
            var reader = new ProtobufReader(message);
            while (reader.Next())
            {
                switch (reader.Field)
                {
                    case 1:
                        text = reader.Text;
                        break;
                    case 2:
                        score = reader.Float;
                        break;
                    case 3 when Enum.IsDefined((PieceType)reader.Integer):
                        type = (PieceType)reader.Integer;
                        break;
                    case 3:
                        throw new InvalidDataException($"Its piece number {Pieces.Count} is of no known kind.");
                }
            }

            if (text.Length == 0)
            {
                throw new InvalidDataException($"Its piece number {Pieces.Count} is empty.");
            }

            if (type == PieceType.Byte)
            {
                ByteOf(text);
            }

            Pieces.Add(new ModelPiece(text, score, type));
            return this;
        }

        private Content WithTraining(ReadOnlySpan<byte> message)
        {
            var (kind, fallback, unknown, suffix) = (Kind, ByteFallback, UnknownText, Normalizer.WhitespaceAsSuffix);
            var reader = new ProtobufReader(message);
            while (reader.Next())
            {
                switch (reader.Field)
                {
                    case 3:
                        kind = (ModelKind)reader.Integer;
                        break;
                    case 24:
                        suffix = reader.Integer != 0;
                        break;
                    case 35:
                        fallback = reader.Integer != 0;
                        break;
                    case 44:
                        unknown = reader.Text;
                        break;
                }
            }

            return this with
            {
                Kind = kind,
                ByteFallback = fallback,
                UnknownText = unknown,
                Normalizer = Normalizer with { WhitespaceAsSuffix = suffix },
            };
        }

        private static NormalizerOptions Normalization(ReadOnlySpan<byte> message, NormalizerOptions options)
        {
            var reader = new ProtobufReader(message);
            while (reader.Next())
            {
                options = reader.Field switch
                {
                    2 => options with { Map = CharacterMap.Read(reader.Bytes) },
                    3 => options with { AddDummyPrefix = reader.Integer != 0 },
                    4 => options with { RemoveExtraWhitespaces = reader.Integer != 0 },
                    5 => options with { EscapeWhitespaces = reader.Integer != 0 },
                    _ => options,
                };
            }

            return options;
        }
    }
}
