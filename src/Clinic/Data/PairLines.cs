using TransformerClinic.Common;

namespace TransformerClinic.Data;

/// <summary>Pairs of text with one sentence, or one pair, per line.</summary>
internal static class PairLines
{
    /// <summary>The pairs of a file whose lines are source, tab, target; with their lines, from 1.</summary>
    /// <exception cref="UserErrorException">A line is not a pair or not text, or there are none.</exception>
    public static IEnumerable<(SentencePair Pair, int Line)> Table(PairFile file)
    {
        var number = 0;
        foreach (var line in file.Lines())
        {
            number++;
            var tab = line.IndexOf('\t', StringComparison.Ordinal);
            if (tab < 0 || tab != line.LastIndexOf('\t'))
            {
                var found = tab < 0 ? "no tab" : FormattableString.Invariant($"{line.Count(c => c == '\t')} tabs");
                throw new UserErrorException(
                    $"{file.Path}, line {number}: a line is a source sentence, one tab, and its translation; this one "
                        + $"has {found}."
                );
            }

            yield return (new SentencePair(line[..tab], line[(tab + 1)..]), number);
        }
    }

    /// <summary>The pairs of two files, line n of one the translation of line n of the other.</summary>
    /// <exception cref="UserErrorException">
    /// They do not have the same number of lines, a line is not text, or there are none.
    /// </exception>
    public static IEnumerable<(SentencePair Pair, int Line)> Two(PairFile source, PairFile target)
    {
        using var sources = source.Lines().GetEnumerator();
        using var targets = target.Lines().GetEnumerator();
        var number = 0;
        while (sources.MoveNext())
        {
            if (!targets.MoveNext())
            {
                throw Unequal((source.Path, number + 1 + Rest(sources)), (target.Path, number));
            }

            yield return (new SentencePair(sources.Current, targets.Current), ++number);
        }

        if (targets.MoveNext())
        {
            throw Unequal((source.Path, number), (target.Path, number + 1 + Rest(targets)));
        }
    }

    private static int Rest(IEnumerator<string> lines)
    {
        var count = 0;
        while (lines.MoveNext())
        {
            count++;
        }

        return count;
    }

    private static UserErrorException Unequal((string Path, int Lines) source, (string Path, int Lines) target) =>
        new(
            $"{source.Path} has {source.Lines} lines and {target.Path} has {target.Lines}: line n of one must be the "
                + "translation of line n of the other."
        );
}
