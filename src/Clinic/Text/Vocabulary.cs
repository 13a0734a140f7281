namespace TransformerClinic.Text;

/// <summary>The pieces of a subword model and their ids. The first four are marks: they never come from text.</summary>
internal sealed class Vocabulary
{
    /// <summary>Beginning of a sentence (kept for other systems' numbering; not used).</summary>
    public const int Bos = 0;

    /// <summary>Padding.</summary>
    public const int Pad = 1;

    /// <summary>End of a sentence; decoding also starts from it.</summary>
    public const int EndOfSentence = 2;

    /// <summary>An unknown piece; the lossless subword model never needs it.</summary>
    public const int Unknown = 3;

    /// <summary>Number of marks before the first piece.</summary>
    public const int Marks = 4;

    private readonly string[] _pieces;
    private readonly Dictionary<string, int> _ids;

    /// <summary>A vocabulary of the marks and these pieces, in this order.</summary>
    /// <exception cref="ArgumentException">A piece occurs twice.</exception>
    public Vocabulary(IEnumerable<string> pieces)
    {
        _pieces = ["<s>", "<pad>", "</s>", "<unk>", .. pieces];
        _ids = new Dictionary<string, int>(_pieces.Length, StringComparer.Ordinal);
        for (var id = 0; id < _pieces.Length; id++)
        {
            if (!_ids.TryAdd(_pieces[id], id))
            {
                throw new ArgumentException($"The piece '{_pieces[id]}' occurs twice.", nameof(pieces));
            }
        }
    }

    /// <summary>Number of ids, the marks included.</summary>
    public int Count => _pieces.Length;

    /// <summary>The piece of an id.</summary>
    public string this[int id] => _pieces[id];

    /// <summary>The id of a piece; <see cref="Unknown"/> for one that is not in the vocabulary.</summary>
    public int IdOf(string piece) => _ids.GetValueOrDefault(piece, Unknown);
}
