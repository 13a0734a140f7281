namespace TransformerClinic.Text.SentencePiece;

/// <summary>The pieces of a model by their bytes in UTF-8.</summary>
internal sealed class PieceTrie
{
    private readonly Dictionary<(int Node, byte Next), int> _edges = [];
    private readonly List<int> _pieces = [None];

    /// <summary>No piece, or no node.</summary>
    public const int None = -1;

    /// <summary>The node of the empty string.</summary>
    public const int Root = 0;

    /// <summary>Adds a piece.</summary>
    public void Add(ReadOnlySpan<byte> text, int piece)
    {
        var node = Root;
        foreach (var next in text)
        {
            if (!_edges.TryGetValue((node, next), out var child))
            {
                child = _pieces.Count;
                _pieces.Add(None);
                _edges.Add((node, next), child);
            }

            node = child;
        }

        _pieces[node] = piece;
    }

    /// <summary>The node after one more byte; <see cref="None"/> where no piece continues so.</summary>
    public int Child(int node, byte next) => _edges.GetValueOrDefault((node, next), None);

    /// <summary>The piece that ends at a node, or <see cref="None"/>.</summary>
    public int PieceAt(int node) => _pieces[node];

    /// <summary>The length in bytes of the longest piece that a text begins with, and the piece; 0 for none.</summary>
    public int Longest(ReadOnlySpan<byte> text, out int piece)
    {
        var (length, node) = (0, Root);
        piece = None;
        for (var i = 0; i < text.Length; i++)
        {
            node = Child(node, text[i]);
            if (node == None)
            {
                break;
            }

            if (PieceAt(node) != None)
            {
                (length, piece) = (i + 1, PieceAt(node));
            }
        }

        return length;
    }
}
