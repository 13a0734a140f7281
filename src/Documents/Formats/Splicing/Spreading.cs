namespace TransformerClinic.Documents.Formats.Splicing;

/// <summary>Divides a text among several lines.</summary>
internal static class Spreading
{
    private const string GoodEnds = ",;:.!?…—、。，";
    private const int GoodEndIsWorth = 3;

    /// <summary>
    /// A share of the text for each line, in order. With L characters of text and lines of lengths <c>l1, l2, ...</c>,
    /// share i ends at the break between words nearest to <c>L (l1 + ... + li) / (l1 + l2 + ...)</c>; the space there
    /// goes. If there are fewer words than lines, the last lines get none.
    /// </summary>
    /// <param name="text">The text with its markup.</param>
    /// <param name="lengths">How long each line was; all positive.</param>
    public static IReadOnlyList<IReadOnlyList<TextPart>> Over(MarkedText text, IReadOnlyList<int> lengths)
    {
        var breaks = Chosen(text.Plain, lengths);
        var shares = new List<List<TextPart>> { new() };
        var at = 0;
        foreach (var part in text.Parts)
        {
            if (part.Kind != PartKind.Text)
            {
                shares[^1].Add(part);
                continue;
            }

            var from = 0;
            while (shares.Count <= breaks.Count && breaks[shares.Count - 1] is var cut && cut < at + part.Text.Length)
            {
                shares[^1].Add(TextPart.Of(part.Text[from..(cut - at)].TrimEnd(' ')));
                from = cut - at;
                while (from < part.Text.Length && part.Text[from] == ' ')
                {
                    from++;
                }

                shares.Add([]);
            }

            shares[^1].Add(TextPart.Of(part.Text[from..]));
            at += part.Text.Length;
        }

        while (shares.Count < lengths.Count)
        {
            shares.Add([]);
        }

        return shares;
    }

    /// <summary>Where to break: positions in the text, rising, one fewer than there are lines if that is
    /// possible.</summary>
    private static List<int> Chosen(string plain, IReadOnlyList<int> lengths)
    {
        var possible = Possible(plain);
        var chosen = new List<int>();
        double total = lengths.Sum();
        double passed = 0;
        var first = 0;
        for (var line = 0; line + 1 < lengths.Count && first < possible.Count; line++)
        {
            passed += lengths[line];
            var wanted = plain.Length * passed / total;

            // Enough breaks are left for the lines that follow, as long as there are.
            var last = Math.Max(first, possible.Count - (lengths.Count - 1 - line));
            var best = first;
            for (var i = first + 1; i <= last; i++)
            {
                if (Cost(i) < Cost(best))
                {
                    best = i;
                }
            }

            chosen.Add(possible[best]);
            first = best + 1;

            double Cost(int index) =>
                Math.Abs(possible[index] - wanted)
                - (GoodEnds.Contains(plain[possible[index] - 1], StringComparison.Ordinal) ? GoodEndIsWorth : 0);
        }

        return chosen;
    }

    /// <summary>The breaks between words, and around characters of scripts that do not separate words.</summary>
    private static List<int> Possible(string plain)
    {
        var possible = new List<int>();
        for (var i = 1; i < plain.Length; i++)
        {
            var isSpace = plain[i] == ' ' && plain[i - 1] != ' ' && plain.AsSpan(i).ContainsAnyExcept(' ');
            var isWide =
                IsWide(plain[i - 1]) && IsWide(plain[i]) && !GoodEnds.Contains(plain[i], StringComparison.Ordinal);
            if ((isSpace && plain.AsSpan(0, i).ContainsAnyExcept(' ')) || isWide)
            {
                possible.Add(i);
            }
        }

        return possible;
    }

    private static bool IsWide(char c) => c is >= '\u3040' and <= '\u9FFF' or >= '\uF900' and <= '\uFAFF';
}
