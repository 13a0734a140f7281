using System.Globalization;
using TransformerClinic.Common;
using TransformerClinic.Files;

namespace TransformerClinic.Text;

/// <summary>
/// The files that subword-nmt and fastBPE keep merges in: a line <c>left right</c> for each pair in the order of their
/// ranks. subword-nmt's begins with <c>#version: 0.2</c>, or is of its first version; fastBPE's has the count of the
/// pair as a third field.
/// </summary>
internal static class WordMergesFile
{
    private const string VersionMark = "#version:";

    /// <summary>Reads a file of either program.</summary>
    /// <exception cref="UserErrorException">The file is missing, or is not one of merges.</exception>
    public static WordMerges Read(string path)
    {
        var pairs = new List<(string, string)>();
        var (number, fields, version) = (0, 0, "");
        using var stream = TextLines.Open(path);
        foreach (var line in TextLines.Enumerate(stream, path))
        {
            number++;
            if (number == 1 && line.StartsWith(VersionMark, StringComparison.Ordinal))
            {
                version = line[VersionMark.Length..].Trim();
                continue;
            }

            var parts = line.Trim('\r', '\n', ' ').Split(' ');
            fields = fields == 0 ? parts.Length : fields;
            if (!IsPair(parts, fields))
            {
                throw new UserErrorException(
                    $"{path}, line {number}: this is not a line of merges, two pieces as subword-nmt writes them or "
                        + "two pieces and a count as fastBPE does."
                );
            }

            pairs.Add((parts[0], parts[1]));
        }

        return version switch
        {
            "0.2" => new WordMerges(pairs, endIsApart: false),
            // fastBPE marks the end as subword-nmt's second version does; the first version has no line of it.
            "" or "0.1" => new WordMerges(pairs, endIsApart: fields != 3),
            _ => throw new UserErrorException(
                $"{path}: the version of the merges is '{version}'; known are subword-nmt's 0.1 and 0.2 and fastBPE's."
            ),
        };
    }

    private static bool IsPair(string[] parts, int fields) =>
        parts.Length == fields
        && parts.All(part => part.Length > 0)
        && (
            fields == 2
            || (fields == 3 && long.TryParse(parts[2], NumberStyles.None, CultureInfo.InvariantCulture, out _))
        );
}
