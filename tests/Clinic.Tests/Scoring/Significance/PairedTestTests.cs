using CsCheck;
using TransformerClinic.Common;
using TransformerClinic.Scoring;
using TransformerClinic.Scoring.Bleu;
using TransformerClinic.Scoring.Chrf;
using TransformerClinic.Scoring.Significance;
using TransformerClinic.Scoring.Ter;

namespace TransformerClinic.Tests.Scoring.Significance;

[Trait("Speed", "Slow")]
public class PairedTestTests
{
    private static readonly SignificanceOptions Bootstrap = new();
    private static readonly SignificanceOptions Randomization = new() { Test = SignificanceTest.Randomization };

    public static TheoryData<object> Tests => [Bootstrap, Randomization];

    [Theory]
    [MemberData(nameof(Tests))]
    public void A_difference_in_every_line_is_not_chance(object test)
    {
        var options = (SignificanceOptions)test;
        var lines = Lines(60, _ => true);
        var result = PairedTest.Run(new BleuMetric(), [Lines(60, _ => false), lines], [lines], options);

        Assert.Null(result[0].PValue);
        Assert.Equal(1.0 / (options.Count + 1), result[1].PValue);
        Assert.Equal((100, 0), (Math.Round(result[1].Mean!.Value, 9), Math.Round(result[1].Interval!.Value, 9)));
    }

    [Theory]
    [MemberData(nameof(Tests))]
    public void Three_correct_lines_instead_of_two_others_may_be_chance(object test)
    {
        var options = (SignificanceOptions)test;
        var reference = Lines(40, _ => true);
        var result = PairedTest.Run(
            new ChrfMetric(),
            [Lines(40, line => line is 3 or 9), Lines(40, line => line is 4 or 5 or 8)],
            [reference],
            options
        );

        Assert.InRange(result[1].PValue!.Value, 0.1, 1);
    }

    [Theory]
    [MemberData(nameof(Tests))]
    public void Systems_that_score_the_same_have_p_1(object test)
    {
        var options = (SignificanceOptions)test;
        var (reference, system) = (Lines(20, _ => true), Lines(20, line => line % 2 == 0));
        var result = PairedTest.Run(new TerMetric(), [system, system], [reference], options with { Trials = 50 });

        Assert.Equal(1, result[1].PValue);
        Assert.Equal(result[0] with { PValue = 1 }, result[1]);
    }

    [Fact]
    public void Randomization_counts_swaps_that_differ_by_just_as_much()
    {
        // TER 1/3 against 0 over three lines of a word each, one of them differing: every swap differs by exactly as
        // much, none by more.
        SystemPair one = new(["x", "b", "c"], ["a", "b", "c"], ["a", "b", "c"]);
        // Two against one of four lines: sides differ by 3 in two swaps of eight, otherwise by 1, which is the real
        // difference.
        SystemPair three = new(["x", "x", "c", "d"], ["a", "b", "x", "d"], ["a", "b", "c", "d"]);

        Assert.Equal((1, 1), (one.P(Randomization), one.ByEverySwap(new TerMetric(), ties: true)));
        Assert.Equal((1, 1), (three.P(Randomization), three.ByEverySwap(new TerMetric(), ties: true)));

        // If ties did not count, as in sacreBLEU, p would be these values, and there would be one star too many.
        Assert.Equal(
            (0, 0.25),
            (one.ByEverySwap(new TerMetric(), ties: false), three.ByEverySwap(new TerMetric(), ties: false))
        );
    }

    [Theory]
    [MemberData(nameof(Tests))]
    public void A_few_lines_are_never_evidence(object test)
    {
        var options = (SignificanceOptions)test;
        for (var n = 1; n <= 8; n++)
        {
            var right = Lines(n, _ => true);
            SystemPair pair = new(Lines(n, _ => false), right, right);

            // Every line is better: no test of n lines can say more than that all n coins fell on one side.
            var least = Math.Pow(2, 1 - n);
            Assert.Equal(least, pair.P(options));
            Assert.All(
                [new BleuMetric(), new ChrfMetric()],
                (IMetric metric) => Assert.True(pair.P(options, metric) >= least)
            );
        }
    }

    [Theory]
    [MemberData(nameof(Tests))]
    public void Identical_lines_are_not_evidence_however_many_there_are(object test)
    {
        var options = (SignificanceOptions)test;
        var right = Lines(300, _ => true);

        Assert.InRange(new SystemPair(Lines(300, line => line > 1), right, right).P(options), 0.5, 1);
    }

    [Fact]
    public void Randomization_of_few_lines_is_the_exact_test() =>
        Gen.Select(SystemPair.Any(1, 8), Gen.Int[0, 2])
            .Sample(
                (pair, name) =>
                {
                    IMetric metric = name switch
                    {
                        0 => new TerMetric(),
                        1 => new BleuMetric(),
                        _ => new ChrfMetric(),
                    };

                    Assert.Equal(pair.ByEverySwap(metric, ties: true), pair.P(Randomization, metric), 1e-12);
                },
                iter: 300
            );

    [Fact]
    public void Random_swaps_come_near_the_exact_test() =>
        SystemPair
            .Any(10, 10)
            .Where(pair => pair.Differing > 8)
            .Sample(
                pair =>
                {
                    const int Trials = 250;
                    var exact = pair.ByEverySwap(new TerMetric(), ties: true);
                    var p = pair.P(Randomization with { Trials = Trials });

                    Assert.Equal(exact, p, (6 * Math.Sqrt(exact * (1 - exact) / Trials)) + (2.0 / Trials));
                },
                iter: 25
            );

    [Fact]
    public void No_p_is_less_than_an_exact_test_could_give() =>
        Gen.Select(SystemPair.Any(1, 12), Gen.Bool, Gen.Int[1, 300])
            .Sample(
                (pair, bootstrap, trials) =>
                {
                    var p = pair.P(
                        (bootstrap ? Bootstrap : Randomization) with
                        {
                            Trials = trials,
                            IntervalSamples = 3,
                        }
                    );

                    Assert.InRange(p, Math.Pow(2, 1 - Math.Max(pair.Differing, 1)), 1);
                },
                iter: 300
            );

    [Fact]
    public void A_tie_is_a_tie_whatever_the_order_of_summation()
    {
        // With three references the mean length is not a binary fraction, and 0.1 + 0.2 is not 0.3.
        IReadOnlyList<string>[] references =
        [
            ["a b", "a", "a b c"],
            ["a b c", "a b", "a"],
            ["a b", "a b", "a b c"],
        ];
        IReadOnlyList<string>[] systems =
        [
            ["x b", "a", "a b c"],
            ["a b", "a", "a b c"],
            ["a b", "x", "a b x"],
        ];
        var result = PairedTest.Run(new TerMetric(), systems, references, Randomization);

        Assert.Equal([null, 1.0, 1.0], result.Select(score => score.PValue));
        Assert.True(new ObservedDifference(0.3).IsReachedBy(0.1 + 0.2));
        Assert.True(new ObservedDifference(0.1 + 0.2).IsReachedBy(0.3));
        Assert.False(new ObservedDifference(0.3).IsReachedBy(0.2999));
    }

    [Fact]
    public void The_bootstrap_draws_lines_with_replacement()
    {
        // One line of two is wrong: a sample has 0, 1 or 2 wrong lines, with probabilities 1/4, 1/2 and 1/4.
        var result = PairedTest.Run(
            new TerMetric(),
            [
                ["x", "b"],
            ],
            [
                ["a", "b"],
            ],
            new SignificanceOptions { Trials = 20_000 }
        );

        Assert.Equal(50, result[0].Score);
        Assert.Equal(50, result[0].Mean!.Value, 1.5);
        Assert.Equal(50, result[0].Interval);
    }

    [Fact]
    public void An_interval_leaves_out_a_fortieth_at_either_end() =>
        Assert.Equal(
            new ConfidenceInterval(49.5, 0.5 * (97 - 2)),
            ConfidenceInterval.Of([.. Enumerable.Range(0, 100).Select(i => (double)((i * 37) % 100))])
        );

    [Theory]
    [MemberData(nameof(Tests))]
    public void One_seed_gives_one_result_and_another_seed_another(object test)
    {
        var options = (SignificanceOptions)test;
        var reference = Lines(30, _ => true);
        IReadOnlyList<string>[] systems =
        [
            Lines(30, line => line % 3 == 0),
            Lines(30, line => line % 4 == 0),
            Lines(30, line => line % 7 > 2),
        ];
        IReadOnlyList<SystemScore> Run(long seed) =>
            PairedTest.Run(new ChrfMetric(), systems, [reference], options with { Trials = 200, Seed = seed });

        Assert.Equal(Run(12345), Run(12345));
        Assert.NotEqual(Run(12345).Select(score => score.Mean), Run(1).Select(score => score.Mean));
    }

    [Fact]
    public void A_system_is_tested_the_same_way_whatever_is_next_to_it()
    {
        var reference = Lines(30, _ => true);
        var (first, second, third) = (
            Lines(30, line => line % 3 == 0),
            Lines(30, line => line % 4 == 0),
            Lines(30, line => line % 7 > 2)
        );

        Assert.Equal(
            PairedTest.Run(new BleuMetric(), [first, third], [reference])[1],
            PairedTest.Run(new BleuMetric(), [first, second, third], [reference])[2]
        );
    }

    [Fact]
    public void The_signature_says_how_samples_were_drawn()
    {
        string Signature(SignificanceOptions options) =>
            PairedTest
                .Run(
                    new BleuMetric(),
                    [
                        ["a"],
                        ["b"],
                    ],
                    [
                        ["a"],
                    ],
                    options
                )[1]
                .Signature;

        Assert.StartsWith(
            "nrefs:1|bs:1000|seed:12345|case:mixed|eff:no|tok:13a|smooth:exp|version:TransformerClinic-",
            Signature(Bootstrap),
            StringComparison.Ordinal
        );
        Assert.StartsWith(
            "nrefs:1|bs:1000|ar:10000|seed:7|case:mixed|",
            Signature(Randomization with { Seed = 7 }),
            StringComparison.Ordinal
        );
    }

    [Fact]
    public void P_is_more_than_0_and_at_most_1() =>
        Gen.Select(AnyText.Line.Array[3, 6], Gen.Bool, Gen.Int[1, 40])
            .Sample(
                (lines, bootstrap, trials) =>
                {
                    string[] others = [.. lines.Skip(1), lines[0]];
                    var result = PairedTest.Run(
                        new ChrfMetric(),
                        [lines, others],
                        [
                            [.. lines.Reverse()],
                        ],
                        (bootstrap ? Bootstrap : Randomization) with
                        {
                            Trials = trials,
                            IntervalSamples = 3,
                        }
                    );

                    Assert.InRange(result[1].PValue!.Value, 1.0 / (trials + 1), 1);
                },
                iter: 100
            );

    [Fact]
    public void Nothing_to_compare_is_a_user_mistake()
    {
        Assert.Contains(
            "at least two",
            Assert
                .Throws<UserErrorException>(() =>
                    PairedTest.Run(
                        new ChrfMetric(),
                        [
                            ["a"],
                        ],
                        [
                            ["a"],
                        ],
                        Randomization
                    )
                )
                .Message,
            StringComparison.Ordinal
        );
        Assert.Throws<UserErrorException>(() =>
            PairedTest.Run(
                new ChrfMetric(),
                [
                    ["a"],
                    ["a", "b"],
                ],
                [
                    ["a"],
                ]
            )
        );
    }

    /// <summary>Lines of five words; in a wrong one, three of them are different.</summary>
    private static string[] Lines(int count, Func<int, bool> right) =>
        [
            .. Enumerable
                .Range(0, count)
                .Select(i => right(i) ? $"one{i} two{i} three four five{i}" : $"one{i} two{i} six seven eight{i}"),
        ];

    /// <summary>Two systems that are compared.</summary>
    private sealed record SystemPair(string[] Baseline, string[] System, string[] Reference)
    {
        /// <summary>Systems that translate each line of a few words correctly, or wrongly in some way.</summary>
        public static Gen<SystemPair> Any(int least, int most) =>
            Gen.Select(Gen.Int[0, 3], Gen.Int[0, 3])
                .Array[least, most]
                .Select(lines => new SystemPair(
                    [.. lines.Select(line => Words(line.Item1))],
                    [.. lines.Select(line => Words(line.Item2))],
                    [.. lines.Select(_ => Words(0))]
                ));

        /// <summary>Lines whose swap changes something.</summary>
        public int Differing => Baseline.Zip(System).Count(line => line.First != line.Second);

        public double P(SignificanceOptions options, IMetric? metric = null) =>
            PairedTest.Run(metric ?? new TerMetric(), [Baseline, System], [Reference], options)[1].PValue!.Value;

        /// <summary>p by scoring the two systems of every one of the 2^n ways to swap lines.</summary>
        public double ByEverySwap(IMetric metric, bool ties)
        {
            var differences = Enumerable
                .Range(0, 1 << Baseline.Length)
                .Select(swap =>
                {
                    string Line(string[] lines, string[] others, int line) =>
                        ((swap >> line) & 1) == 0 ? lines[line] : others[line];
                    string[] first = [.. Baseline.Select((_, line) => Line(Baseline, System, line))];
                    string[] second = [.. Baseline.Select((_, line) => Line(System, Baseline, line))];
                    var difference = metric.Corpus(first, Reference).Score - metric.Corpus(second, Reference).Score;
                    return Math.Round(Math.Abs(difference), 8);
                })
                .ToArray();
            var real = differences[0];
            return differences.Count(one => one > real || (ties && one == real)) / (double)differences.Length;
        }

        private static string Words(int wrong) =>
            string.Join(' ', Enumerable.Range(0, 6).Select(word => word < wrong ? "x" : $"w{word}"));
    }
}
