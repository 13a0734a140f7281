using CsCheck;
using TransformerClinic.Scoring;
using TransformerClinic.Scoring.Significance;

namespace TransformerClinic.Tests.Scoring.Significance;

public class PairedTestTests
{
    private static readonly SignificanceOptions Bootstrap = new();
    private static readonly SignificanceOptions Randomisation = new() { Test = SignificanceTest.Randomisation };

    public static TheoryData<SignificanceOptions> Tests => [Bootstrap, Randomisation];

    [Theory]
    [MemberData(nameof(Tests))]
    public void A_difference_in_every_line_is_none_of_chance(SignificanceOptions options)
    {
        var lines = Lines(60, _ => true);
        var result = PairedTest.Run(new BleuMetric(), [Lines(60, _ => false), lines], [lines], options);

        Assert.Null(result[0].PValue);
        Assert.Equal(1.0 / (options.Count + 1), result[1].PValue);
        Assert.Equal((100, 0), (Math.Round(result[1].Mean!.Value, 9), Math.Round(result[1].Interval!.Value, 9)));
    }

    [Theory]
    [MemberData(nameof(Tests))]
    public void Three_right_lines_instead_of_two_others_may_be_chance(SignificanceOptions options)
    {
        var reference = Lines(40, _ => true);
        var result = PairedTest.Run(new Chrf(), [Lines(40, line => line is 3 or 9), Lines(40, line => line is 4 or 5 or 8)], [reference], options);

        Assert.InRange(result[1].PValue!.Value, 0.1, 1);
    }

    [Theory]
    [MemberData(nameof(Tests))]
    public void Systems_that_score_the_same_have_p_1(SignificanceOptions options)
    {
        var (reference, system) = (Lines(20, _ => true), Lines(20, line => line % 2 == 0));
        var result = PairedTest.Run(new Ter(), [system, system], [reference], options with { Trials = 50 });

        Assert.Equal(1, result[1].PValue);
        Assert.Equal(result[0] with { PValue = 1 }, result[1]);
    }

    [Fact]
    public void Randomisation_finds_the_share_of_swaps_that_differ_by_more()
    {
        // TER 1/3 against 0 over three lines of a word each, one of them differing: every swap differs by just as much, none by more.
        var one = PairedTest.Run(new Ter(), [["x", "b", "c"], ["a", "b", "c"]], [["a", "b", "c"]], Randomisation);
        // Two against one of four lines: sides differ by 3 in two swaps of eight, else by 1, which is the real difference.
        var three = PairedTest.Run(new Ter(), [["x", "x", "c", "d"], ["a", "b", "x", "d"]], [["a", "b", "c", "d"]], Randomisation);

        Assert.Equal(1.0 / 10_001, one[1].PValue);
        Assert.Equal(0.25, three[1].PValue!.Value, 0.02);
    }

    [Fact]
    public void The_bootstrap_draws_lines_with_replacement()
    {
        // A line of two is wrong: a sample has 0, 1 or 2 wrong lines, one in four, two in four, one in four.
        var result = PairedTest.Run(new Ter(), [["x", "b"]], [["a", "b"]], new SignificanceOptions { Trials = 20_000 });

        Assert.Equal(50, result[0].Score);
        Assert.Equal(50, result[0].Mean!.Value, 1.5);
        Assert.Equal(50, result[0].Interval);
    }

    [Fact]
    public void An_interval_leaves_a_fortieth_out_at_either_end() =>
        Assert.Equal(new ConfidenceInterval(49.5, 0.5 * (97 - 2)), ConfidenceInterval.Of([.. Enumerable.Range(0, 100).Select(i => (double)((i * 37) % 100))]));

    [Theory]
    [MemberData(nameof(Tests))]
    public void One_seed_gives_one_result_and_another_seed_another(SignificanceOptions options)
    {
        var reference = Lines(30, _ => true);
        IReadOnlyList<string>[] systems = [Lines(30, line => line % 3 == 0), Lines(30, line => line % 4 == 0), Lines(30, line => line % 7 > 2)];
        IReadOnlyList<SystemScore> Run(long seed) => PairedTest.Run(new Chrf(), systems, [reference], options with { Trials = 200, Seed = seed });

        Assert.Equal(Run(12345), Run(12345));
        Assert.NotEqual(Run(12345).Select(score => score.Mean), Run(1).Select(score => score.Mean));
    }

    [Fact]
    public void A_system_is_tested_alike_whatever_stands_beside_it()
    {
        var reference = Lines(30, _ => true);
        var (first, second, third) = (Lines(30, line => line % 3 == 0), Lines(30, line => line % 4 == 0), Lines(30, line => line % 7 > 2));

        Assert.Equal(
            PairedTest.Run(new BleuMetric(), [first, third], [reference])[1],
            PairedTest.Run(new BleuMetric(), [first, second, third], [reference])[2]);
    }

    [Fact]
    public void The_signature_says_how_samples_were_drawn()
    {
        string Signature(SignificanceOptions options) => PairedTest.Run(new BleuMetric(), [["a"], ["b"]], [["a"]], options)[1].Signature;

        Assert.StartsWith("nrefs:1|bs:1000|seed:12345|case:mixed|eff:no|tok:13a|smooth:exp|version:TransformerClinic-", Signature(Bootstrap), StringComparison.Ordinal);
        Assert.StartsWith("nrefs:1|bs:1000|ar:10000|seed:7|case:mixed|", Signature(Randomisation with { Seed = 7 }), StringComparison.Ordinal);
    }

    [Fact]
    public void P_is_more_than_0_and_at_most_1() => Gen.Select(AnyText.Line.Array[3, 6], Gen.Bool, Gen.Int[1, 40]).Sample(
        (lines, bootstrap, trials) =>
        {
            string[] others = [.. lines.Skip(1), lines[0]];
            var result = PairedTest.Run(new Chrf(), [lines, others], [[.. lines.Reverse()]], (bootstrap ? Bootstrap : Randomisation) with { Trials = trials, IntervalSamples = 3 });

            Assert.InRange(result[1].PValue!.Value, 1.0 / (trials + 1), 1);
        },
        iter: 100);

    [Fact]
    public void Nothing_to_compare_is_a_mistake_of_the_user()
    {
        Assert.Contains("at least two", Assert.Throws<UserErrorException>(() => PairedTest.Run(new Chrf(), [["a"]], [["a"]], Randomisation)).Message, StringComparison.Ordinal);
        Assert.Throws<UserErrorException>(() => PairedTest.Run(new Chrf(), [["a"], ["a", "b"]], [["a"]]));
    }

    /// <summary>Lines of five words; of one that is not right three are others.</summary>
    private static string[] Lines(int count, Func<int, bool> right) =>
        [.. Enumerable.Range(0, count).Select(i => right(i) ? $"one{i} two{i} three four five{i}" : $"one{i} two{i} six seven eight{i}")];
}
