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
        _unknown = Pieces.OfType(PieceType.Unknown).FirstOrDefault(PieceIndex.None);
        if (_unknown == PieceIndex.None)
        {
            throw new InvalidDataException("It has no piece for what is unknown.");
        }

        var bytes = BytePieces(Pieces);
        _bytes =
            !model.ByteFallback ? null
            : !bytes.Contains(PieceIndex.None) ? bytes
            : throw new InvalidDataException("It spells characters in bytes, but has not a piece for every byte.");
        var whole = new PieceIndex(Pieces, PieceType.UserDefined);
        _normalizer = new PieceNormalizer(model.Normalizer, whole);
        _segmenter = model.Kind switch
        {
            ModelKind.Unigram => new UnigramSegmenter(Pieces, _unknown),
            ModelKind.BytePairs => new MergeSegmenter(Pieces, _unknown, whole),
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
    public PieceTable Pieces { get; }

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

    private static int[] BytePieces(PieceTable pieces)
    {
        var numbers = new int[byte.MaxValue + 1];
        Array.Fill(numbers, PieceIndex.None);
        foreach (var number in pieces.OfType(PieceType.Byte))
        {
            numbers[ByteOf(pieces[number].Text)] = number;
        }

        return numbers;
    }

    /// <summary>The value of <c>&lt;0x41&gt;</c>.</summary>
    private static byte ByteOf(string piece) =>
        piece is ['<', '0', 'x', var high, var low, '>'] && char.IsAsciiHexDigit(high) && char.IsAsciiHexDigit(low)
            ? byte.Parse([high, low], NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture)
            : throw new InvalidDataException($"Its piece '{piece}' is not a byte's.");

    /// <summary>What a file says.</summary>
    private sealed record Content(
        PieceTable Pieces,
        ModelKind Kind,
        bool ByteFallback,
        string UnknownText,
        NormalizerOptions Normalizer
    )
    {
        public static Content Of(byte[] file)
        {
            var content = new Content(
                PieceTable.Read(file),
                ModelKind.Unigram,
                false,
                DefaultUnknown,
                new NormalizerOptions()
            );
            var reader = new ProtobufReader(file);
            while (reader.Next())
            {
                content = reader.Field switch
                {
                    2 => content.WithTraining(reader.Bytes),
                    3 => content with { Normalizer = Normalization(reader.Bytes, content.Normalizer) },
                    _ => content,
                };
            }

            return content;
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
