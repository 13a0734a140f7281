using System.Globalization;
using TransformerClinic.Common;
using TransformerClinic.Files;

namespace TransformerClinic.Interop.Fairseq;

/// <summary>
/// A dictionary of fairseq: a line <c>piece count</c> for each piece, the ids from 4 on; the four marks are not in the
/// file. A piece that occurs again counts from its last line on, if that ends with <c>#fairseq:overwrite</c>.
/// </summary>
/// <param name="Path">The file.</param>
/// <param name="Pieces">The pieces in the order of their ids; null for one that a later line overwrites.</param>
internal sealed record FairseqDictionary(string Path, IReadOnlyList<string?> Pieces)
{
    private const string Overwrite = " #fairseq:overwrite";
    private static readonly string[] Marks = ["<s>", "<pad>", "</s>", "<unk>"];

    /// <summary>How many ids there are, with those of the marks.</summary>
    public int Count => Pieces.Count + Marks.Length;

    /// <summary>Reads a dictionary.</summary>
    /// <exception cref="UserErrorException">The file is missing or is not a dictionary.</exception>
    public static FairseqDictionary Read(string path)
    {
        var pieces = new List<string?>();
        var places = new Dictionary<string, int>(StringComparer.Ordinal);
        var number = 0;
        using var stream = TextLines.Open(path);
        foreach (var line in TextLines.Enumerate(stream, path))
        {
            number++;
            var (piece, overwrites) = Entry(path, line, number);
            if (Marks.Contains(piece))
            {
                throw new UserErrorException(
                    $"{path}, line {number}: '{piece}' is one of the marks that every dictionary has already; a "
                        + "dictionary that has it again is not one of a translation model."
                );
            }

            if (places.TryGetValue(piece, out var earlier))
            {
                pieces[earlier] = overwrites
                    ? null
                    : throw new UserErrorException(
                        $"{path}, line {number}: the piece '{piece}' is there twice. fairseq takes the last one if its "
                            + $"line ends with '{Overwrite.Trim()}'."
                    );
            }

            places[piece] = pieces.Count;
            pieces.Add(piece);
        }

        return new FairseqDictionary(path, pieces);
    }

    private static (string Piece, bool Overwrites) Entry(string path, string line, int number)
    {
        var entry = line.TrimEnd();
        var overwrites = entry.EndsWith(Overwrite, StringComparison.Ordinal);
        if (overwrites)
        {
            entry = entry[..^Overwrite.Length];
        }

        var space = entry.LastIndexOf(' ');
        return
            space >= 0
            && long.TryParse(entry[(space + 1)..], NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out _)
            ? (entry[..space], overwrites)
            : throw new UserErrorException(
                $"{path}, line {number}: this is not a line of a dictionary of fairseq, 'piece count', such as "
                    + "'the 4711'."
            );
    }
}
