using CsCheck;
using TransformerClinic.Common;
using TransformerClinic.Scoring;
using TransformerClinic.Scoring.Chrf;
using TransformerClinic.Scoring.Tokenizers;

namespace TransformerClinic.Tests.Scoring.Chrf;

public class ChrfTests
{
    private static readonly Gen<ChrfOptions> Options = Gen.Select(
            Gen.Int[1, 7],
            Gen.Int[0, 3],
            Gen.Int[1, 3],
            Gen.Bool,
            Gen.Bool
        )
        .Select(
            (characters, words, beta, lowerCase, whiteSpace) =>
                new ChrfOptions
                {
                    CharacterOrder = characters,
                    WordOrder = words,
                    Beta = beta,
                    LowerCase = lowerCase,
                    WhiteSpace = whiteSpace,
                }
        );

    [Fact]
    public void The_score_weighs_mean_recall_four_times_as_much_as_mean_precision()
    {
        // abc against abd e: characters 2 of 3 and 2 of 4, pairs 1 of 2 and 1 of 3, triples 0 of 1 and 0 of 2; no more
        // orders.
        var (precision, recall) = ((2.0 / 3 + 1.0 / 2 + 0) / 3, (2.0 / 4 + 1.0 / 3 + 0) / 3);

        Assert.Equal(
            100 * 5 * precision * recall / (4 * precision + recall),
            new ChrfMetric().Sentence("abc", "abd e").Score,
            1e-12
        );
    }

    [Fact]
    public void Words_and_pairs_of_words_are_two_orders_more()
    {
        // Characters: a, b in common of 3 and 3, ab of 2 and 2, 0 of 1 and 1. Words: a, b of 3 and 3. Pairs: (a b) of 2
        // and 2.
        var mean = (2.0 / 3 + 1.0 / 2 + 0 + 2.0 / 3 + 1.0 / 2) / 5;

        Assert.Equal(100 * mean, new ChrfMetric(ChrfOptions.PlusPlus).Sentence("a b c", "a b d").Score, 1e-12);
    }

    [Theory]
    [InlineData("end.", "end .")]
    [InlineData("(in)", "(in )")] // only one mark, and the end takes precedence over the start
    [InlineData("$5 . don't", "$ 5 . don't")]
    [InlineData("“so” 😀! é", "“so” 😀 ! é")]
    public void A_mark_at_the_end_or_otherwise_at_the_start_is_a_word(string sentence, string expected) =>
        Assert.Equal(expected, string.Join(' ', ChrfWords.Of(sentence)));

    // Scores that sacreBLEU's own tests expect.
    [Theory]
    [InlineData("a", "a", false, 100)]
    [InlineData("", "reference", false, 0)]
    [InlineData("a b c", "abc", false, 100)]
    [InlineData("aa", "ab", false, 25)]
    [InlineData("a", "a", true, 16.6667)]
    [InlineData("aa", "ab", true, 8.3333)]
    [InlineData("a b c", "abc", true, 50)]
    [InlineData("abcdefg", "hijklmnop", true, 0)]
    public void Short_sentences_score_as_in_sacreBLEU(
        string hypothesis,
        string reference,
        bool epsilon,
        double expected
    ) =>
        Assert.Equal(
            expected,
            new ChrfMetric(new ChrfOptions { Beta = 3, EpsilonSmoothing = epsilon })
                .Corpus([hypothesis], [reference])
                .Score,
            1e-4
        );

    [Fact]
    public void The_corpus_score_is_that_of_summed_counts()
    {
        // 3 of 4 characters; the mean of the sentences' scores would be 50.
        var score = new ChrfMetric(new ChrfOptions { CharacterOrder = 1 }).Corpus(["aaa", "b"], ["aaa", "c"]).Score;

        Assert.Equal(75, score, 1e-12);
    }

    [Fact]
    public void With_several_references_only_the_best_counts()
    {
        var chrf = new ChrfMetric();

        Assert.Equal(100, chrf.Sentence("the cat", "a dog", "the cat").Score);
        Assert.Equal(chrf.Sentence("the cat", "the car").Score, chrf.Sentence("the cat", "a dog", "the car").Score);
        Assert.StartsWith(
            "nrefs:2|case:mixed|eff:yes|nc:6|nw:0|space:no|version:TransformerClinic-",
            chrf.Sentence("a", "a", "b").Signature,
            StringComparison.Ordinal
        );
    }

    [Fact]
    public void References_may_be_permuted_and_so_may_lines() =>
        Gen.Select(AnyText.Line.Array[3, 9], Options, Gen.Int[0, 99])
            .Sample(
                (lines, options, seed) =>
                {
                    var chrf = new ChrfMetric(options);
                    string[] others = [.. lines.Skip(1), lines[0]];
                    string[] third = [.. lines.Reverse()];
                    var score = chrf.Corpus(lines, others, third).Score;
                    var order = Enumerable.Range(0, lines.Length).OrderBy(line => (line * 7919 + seed) % 101).ToArray();
                    string[] Permuted(string[] texts) => [.. order.Select(line => texts[line])];

                    Assert.Equal(score, chrf.Corpus(Permuted(lines), Permuted(others), Permuted(third)).Score, 1e-9);
                    Assert.Equal(
                        chrf.Sentence(lines[0], others[0], third[0]).Score,
                        chrf.Sentence(lines[0], third[0], others[0]).Score,
                        1e-9
                    );
                },
                iter: 200
            );

    [Fact]
    public void Any_text_scores_between_0_and_100_and_the_reference_itself_is_perfect() =>
        Gen.Select(AnyText.Line.Array[1, 6], Options)
            .Sample(
                (lines, options) =>
                {
                    var chrf = new ChrfMetric(options);
                    var perfect = chrf.Corpus(lines, lines);
                    var empty = lines.All(line =>
                        options.WhiteSpace ? line.Length == 0 : WhiteSpace.Split(line).Length == 0
                    );

                    Assert.InRange(chrf.Corpus(lines, [.. lines.Reverse()]).Score, 0, 100 + 1e-9);
                    Assert.Equal(empty ? 0 : 100, perfect.Score, 1e-9);
                },
                iter: 300
            );

    [Fact]
    public void Odd_line_ends_are_white_space_and_change_nothing()
    {
        var chrf = new ChrfMetric(ChrfOptions.PlusPlus);

        Assert.Equal(100, chrf.Sentence("one\u2028two\r", "one two").Score, 1e-12);
        Assert.Equal(0, chrf.Sentence("\r", "\u2028").Score);
        Assert.Equal(0, chrf.Sentence("", "").Score);
    }

    [Fact]
    public void Unequal_numbers_of_lines_are_a_user_mistake()
    {
        Assert.Throws<UserErrorException>(() => new ChrfMetric().Corpus(["a", "b"], ["a"]));
        Assert.Throws<UserErrorException>(() =>
            new ChrfMetric().Corpus(
                [],
                [
                    [],
                ]
            )
        );
        Assert.Throws<UserErrorException>(() => new ChrfMetric().Sentence("a"));
    }
}
