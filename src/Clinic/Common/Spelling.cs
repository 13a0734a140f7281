namespace TransformerClinic.Common;

/// <summary>Finds the name that the user probably meant.</summary>
internal static class Spelling
{
    /// <summary>
    /// The candidate with the smallest edit distance, or null if none is close (within a third of its length, at least
    /// two, and with a letter in common).
    /// </summary>
    public static string? Nearest(string name, IEnumerable<string> candidates)
    {
        var best = candidates
            .Select(candidate =>
                (Candidate: candidate, Distance: Distance(name.ToLowerInvariant(), candidate.ToLowerInvariant()))
            )
            .OrderBy(entry => entry.Distance)
            .FirstOrDefault();
        return
            best.Candidate is { } candidate
            && best.Distance <= Math.Max(2, candidate.Length / 3)
            && best.Distance < Math.Max(name.Length, candidate.Length)
            ? candidate
            : null;
    }

    /// <summary>
    /// Insertions, deletions and replacements that turn one string into the other (Levenshtein 1966).
    /// </summary>
    public static int Distance(string from, string to)
    {
        var row = Enumerable.Range(0, to.Length + 1).ToArray();
        for (var i = 1; i <= from.Length; i++)
        {
            var diagonal = row[0];
            row[0] = i;
            for (var j = 1; j <= to.Length; j++)
            {
                var replaced = diagonal + (from[i - 1] == to[j - 1] ? 0 : 1);
                diagonal = row[j];
                row[j] = Math.Min(replaced, Math.Min(row[j], row[j - 1]) + 1);
            }
        }

        return row[^1];
    }
}
