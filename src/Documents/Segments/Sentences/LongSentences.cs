namespace TransformerClinic.Documents.Segments.Sentences;

/// <summary>
/// Splits sentences that are longer than a model takes: after a semicolon or colon if that leaves parts that fit, or
/// after a comma, or at white space. Parts end where white space begins; a word that is too long stays whole.
/// </summary>
/// <param name="Length">The length of a text, in the model's subwords.</param>
/// <param name="Most">The most that a part may have.</param>
internal sealed record LongSentences(Func<string, int> Length, int Most)
{
    private static readonly string[] Marks = [";:；：", ",，、"];

    /// <summary>The parts of a sentence; the sentence itself if it is short enough.</summary>
    /// <param name="text">The text that the sentence is in.</param>
    /// <param name="sentence">The sentence.</param>
    public IReadOnlyList<TextRange> Parts(string text, TextRange sentence)
    {
        var parts = new List<TextRange>();
        var rest = sentence;
        while (rest.Length > 0 && Length(rest.Of(text)) > Most && EndOfPart(text, rest) is { } end)
        {
            parts.Add(new TextRange(rest.Start, end).Trimmed(text));
            rest = new TextRange(end, rest.End).Trimmed(text);
        }

        if (rest.Length > 0)
        {
            parts.Add(rest);
        }

        return parts;
    }

    /// <summary>Where the first part ends; null if there is nowhere to split.</summary>
    private int? EndOfPart(string text, TextRange rest)
    {
        var gaps = Gaps(text, rest);
        if (gaps.Count == 0)
        {
            return null;
        }

        var fitting = Fitting(text, rest, gaps);
        if (fitting == 0)
        {
            return gaps[0];
        }

        // A mark in the first half would leave more parts than there must be.
        var later = gaps.Take(fitting).Where(gap => 2 * (gap - rest.Start) >= gaps[fitting - 1] - rest.Start).ToList();
        return Marks
            .Select(marks => later.FindLast(gap => marks.Contains(text[gap - 1], StringComparison.Ordinal)))
            .Append(gaps[fitting - 1])
            .First(gap => gap > 0);
    }

    private static List<int> Gaps(string text, TextRange rest)
    {
        var gaps = new List<int>();
        for (var place = rest.Start + 1; place < rest.End; place++)
        {
            if (char.IsWhiteSpace(text[place]) && !char.IsWhiteSpace(text[place - 1]))
            {
                gaps.Add(place);
            }
        }

        return gaps;
    }

    /// <summary>How many gaps from the first one leave a part that fits: by bisection, for lengths only grow.</summary>
    private int Fitting(string text, TextRange rest, List<int> gaps)
    {
        var (fits, exceeds) = (0, gaps.Count + 1);
        while (exceeds - fits > 1)
        {
            var middle = (fits + exceeds) / 2;
            if (Length(text[rest.Start..gaps[middle - 1]]) <= Most)
            {
                fits = middle;
            }
            else
            {
                exceeds = middle;
            }
        }

        return fits;
    }
}
