using CsCheck;
using TransformerClinic.Scoring;
using TransformerClinic.Scoring.Ter;
using TransformerClinic.Scoring.Tokenizers;

namespace TransformerClinic.Tests.Scoring.Ter;

/// <summary>Cases computed by hand, and properties of any text.</summary>
public class TerTests
{
    private static readonly TerMetric Metric = new();

    // Few words, so that they repeat.
    private static readonly Gen<string> Sentence = Gen.Int[0, 4]
        .Select(i => "abcde"[i])
        .Array[0, 12]
        .Select(words => string.Join(' ', words));

    [Theory]
    [InlineData("a b c d", "a b c d", 0)]
    [InlineData("a b x d", "a b c d", 1)] // one replaced
    [InlineData("a b c d e", "a b c d", 1)] // one too many
    [InlineData("b c d", "a b c d", 1)] // one missing
    [InlineData("x y z", "a b c d", 4)] // three replaced, one missing
    [InlineData("b a c d", "a b c d", 1)] // a moved before b; replacing would take 2
    [InlineData("c d a b", "a b c d", 1)] // two words moved at once
    [InlineData("d e f g h a b c", "a b c d e f g h", 1)] // sacreBLEU's own example
    [InlineData("d c b a", "a b c d", 3)] // one word stays, three are moved or replaced
    [InlineData("c d a x", "a b c d", 2)] // c d moved to the end, x replaced by b
    [InlineData("a a a a", "a", 3)]
    [InlineData("", "a", 1)]
    [InlineData("A b", "a B", 0)]
    public void Edits_are_counted(string hypothesis, string reference, int edits) =>
        Assert.Equal([edits, reference.Split(' ').Length], Metric.Count(hypothesis, [reference]));

    [Fact]
    public void The_rate_is_edits_by_words_of_the_reference_over_the_corpus()
    {
        var score = Metric.Corpus(["a b x d", "e"], ["a b c d", "f g"]);

        Assert.Equal(100 * (1.0 + 2) / (4 + 2), score.Score, 1e-12);
        Assert.Equal("TER = 50.00", score.ToString());
        Assert.StartsWith(
            "nrefs:1|case:lc|tok:tercom|norm:no|punct:yes|asian:no|version:TransformerClinic-",
            score.Signature,
            StringComparison.Ordinal
        );
        Assert.False(Metric.HigherIsBetter);
    }

    [Fact]
    public void Without_words_in_the_reference_any_word_is_all_wrong()
    {
        Assert.Equal(100, Metric.Sentence("a b", "").Score);
        Assert.Equal(0, Metric.Sentence("", "\u2028\r").Score);
        Assert.Equal(150, Metric.Sentence("a b c", "d e").Score, 1e-12);
    }

    [Fact]
    public void With_several_references_the_fewest_edits_and_the_mean_length_count()
    {
        Assert.Equal([1, 3], Metric.Count("a b x", ["a b c", "d e f g", "a b"]));
        Assert.Equal([1, 2.5], Metric.Count("a b x", ["a b c", "a b"]));
    }

    [Fact]
    public void Case_matters_on_request()
    {
        var metric = new TerMetric(new TerOptions { CaseSensitive = true });

        Assert.Equal(50, metric.Sentence("A b", "a b").Score);
        Assert.Contains("|case:mixed|", metric.Sentence("A b", "a b").Signature, StringComparison.Ordinal);
    }

    [Fact]
    public void Words_beyond_fifty_places_are_not_moved()
    {
        string[] words = [.. Enumerable.Range(0, 60).Select(i => $"w{i}")];
        double Edits(int by) =>
            Metric.Count(
                string.Join(' ', [words[by], .. words[..by], .. words[(by + 1)..]]),
                [string.Join(' ', words)]
            )[0];

        Assert.Equal((1, 1, 2), (Edits(20), Edits(50), Edits(51)));
    }

    [Fact]
    public void Runs_of_more_than_ten_words_are_not_moved_at_once()
    {
        static double Edits(int length)
        {
            var run = Enumerable.Range(0, length).Select(i => $"w{i}").ToArray();
            var other = Enumerable.Range(0, length).Select(i => $"v{i}").ToArray();
            return Metric.Count(string.Join(' ', [.. run, .. other]), [string.Join(' ', [.. other, .. run])])[0];
        }

        Assert.Equal((1, 2), (Edits(10), Edits(11)));
    }

    [Fact]
    public void A_moved_run_is_one_edit() =>
        Gen.Select(Gen.Int[2, 20], Gen.Int[0, 19], Gen.Int[1, 10], Gen.Int[0, 19])
            .Sample(
                (count, start, length, target) =>
                {
                    string[] words = [.. Enumerable.Range(0, count).Select(i => $"w{i}")];
                    start %= count;
                    length = Math.Min(length, count - start);
                    string[] rest = [.. words[..start], .. words[(start + length)..]];
                    target %= rest.Length + 1;
                    string[] moved = [.. rest[..target], .. words[start..(start + length)], .. rest[target..]];

                    Assert.Equal(
                        moved.SequenceEqual(words) ? 0 : 1,
                        Metric.Count(string.Join(' ', moved), [string.Join(' ', words)])[0]
                    );
                },
                iter: 2000
            );

    [Fact]
    public void Moves_never_need_more_edits_than_no_moves_and_never_fewer_than_words_that_differ() =>
        Gen.Select(Sentence, Sentence)
            .Sample(
                (hypothesis, reference) =>
                {
                    var (ours, theirs) = (WhiteSpace.Split(hypothesis), WhiteSpace.Split(reference));
                    var common = ours.GroupBy(word => word)
                        .Sum(group => Math.Min(group.Count(), theirs.Count(word => word == group.Key)));

                    Assert.InRange(
                        Metric.Count(hypothesis, [reference])[0],
                        Math.Max(ours.Length, theirs.Length) - common,
                        Levenshtein(ours, theirs)
                    );
                },
                iter: 3000
            );

    [Fact]
    public void Any_text_is_its_own_reference_without_edits_and_lines_and_references_may_be_permuted() =>
        AnyText
            .Line.Array[2, 6]
            .Sample(
                lines =>
                {
                    string[] others = [.. lines.Skip(1), lines[0]];
                    string[] Reversed(string[] texts) => [.. texts.Reverse()];

                    Assert.Equal(0, Metric.Corpus(lines, lines).Score);
                    Assert.Equal(0, Metric.Corpus(lines, others, lines).Score);
                    Assert.Equal(
                        Metric.Corpus(lines, others).Score,
                        Metric.Corpus(Reversed(lines), Reversed(others)).Score,
                        1e-9
                    );
                    Assert.Equal(
                        Metric.Corpus(lines, others, Reversed(lines)).Score,
                        Metric.Corpus(lines, Reversed(lines), others).Score
                    );
                },
                iter: 200
            );

    [Fact]
    public void Long_and_uneven_sentences_are_aligned_within_the_band()
    {
        var many = string.Join(' ', Enumerable.Range(0, 400).Select(i => $"w{i}"));

        Assert.Equal(0, Metric.Count(many, [many])[0]);
        Assert.Equal(399, Metric.Count("w200", [many])[0]);
        Assert.Equal(399, Metric.Count(many, ["w3"])[0]);
        Assert.Equal(400, Metric.Count("x", [many])[0]);
    }

    /// <summary>The distance without moves, by its definition.</summary>
    private static int Levenshtein(string[] ours, string[] theirs)
    {
        var row = Enumerable.Range(0, theirs.Length + 1).ToArray();
        foreach (var (i, word) in ours.Index())
        {
            var next = new int[row.Length];
            next[0] = i + 1;
            for (var j = 1; j < row.Length; j++)
            {
                next[j] = Math.Min(row[j - 1] + (word == theirs[j - 1] ? 0 : 1), Math.Min(row[j], next[j - 1]) + 1);
            }

            row = next;
        }

        return row[^1];
    }
}
