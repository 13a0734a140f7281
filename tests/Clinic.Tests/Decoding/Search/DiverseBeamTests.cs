using CsCheck;
using TorchSharp;
using TransformerClinic.Common;
using TransformerClinic.Decoding;
using TransformerClinic.Decoding.Search;
using TransformerClinic.Model;
using TransformerClinic.Text;
using static TorchSharp.torch;

namespace TransformerClinic.Tests.Decoding.Search;

[Trait("Speed", "Slow")]
public sealed class DiverseBeamTests
{
    private const int Words = 11;

    private static readonly int[][] Sources =
    [
        [4, 5, 6, 2],
        [10, 9, 8, 7, 2],
        [7, 2],
    ];

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public void The_search_finds_what_fairseqs_steps_find_on_prefixes_decoded_from_scratch() =>
        Gen.Select(Gen.Long[0, 1000], Gen.Int[1, 3], Gen.Int[1, 2], Gen.Double[0, 3])
            .Sample(
                (seed, groups, width, strength) =>
                {
                    using var scope = NewDisposeScope();
                    var model = SmallModel.Create(Words, seed);
                    model.to(ScalarType.Float64);
                    var options = new DecodingOptions
                    {
                        Beam = groups * width,
                        MaxLengthA = 0,
                        MaxLengthB = 7,
                    };

                    var found = new BeamSearch(
                        [model],
                        options,
                        new DiverseBeam { Groups = groups, Strength = strength }
                    ).Search(Sources);

                    foreach (var (source, hypotheses) in Sources.Zip(found))
                    {
                        var expected = Plain(model, source, options, groups, strength);
                        Assert.Equal(
                            expected.Select(plain => plain.Tokens),
                            hypotheses.Select(hypothesis => hypothesis.Tokens)
                        );
                        Assert.All(
                            expected.Zip(hypotheses),
                            pair => Assert.Equal(pair.First.Score, pair.Second.Score, 1e-9)
                        );
                    }
                },
                iter: 25,
                threads: 1
            );

    [Fact]
    public void One_group_is_plain_beam_search_and_more_groups_start_with_more_words()
    {
        using var scope = NewDisposeScope();
        var options = new DecodingOptions
        {
            Beam = 4,
            MaxLengthA = 0,
            MaxLengthB = 5,
        };
        int[][][] Tokens(SearchMethod? method) =>
            [
                .. Enumerable
                    .Range(0, 8)
                    .SelectMany(seed =>
                        new BeamSearch([SmallModel.Create(Words, seed)], options, method).Search(Sources, Cancellation)
                    )
                    .Select(hypotheses => hypotheses.Select(hypothesis => hypothesis.Tokens).ToArray()),
            ];
        int Beginnings(int[][][] found) => found.Sum(hypotheses => hypotheses.DistinctBy(tokens => tokens[0]).Count());
        var plain = Tokens(null);

        Assert.Equal(plain, Tokens(new DiverseBeam { Groups = 1, Strength = 9 }));
        Assert.True(Beginnings(Tokens(new DiverseBeam { Groups = 4, Strength = 100 })) > 1.2 * Beginnings(plain));
    }

    [Fact]
    public void A_beam_that_cannot_be_split_is_refused()
    {
        using var scope = NewDisposeScope();
        var model = SmallModel.Create(Words, 5);

        var exception = Assert.Throws<UserErrorException>(() =>
            new BeamSearch([model], new DecodingOptions { Beam = 5 }, new DiverseBeam { Groups = 2 })
        );

        Assert.Contains("a multiple of the groups", exception.Message, StringComparison.Ordinal);
    }

    /// <summary>
    /// fairseq's steps for one sentence, written out: row r of the beam belongs to group <c>r % groups</c>.
    /// </summary>
    private static List<(int[] Tokens, double Score)> Plain(
        Transformer model,
        int[] source,
        DecodingOptions options,
        int groups,
        double strength
    )
    {
        var beam = Enumerable.Repeat((Tokens: (int[])[Vocabulary.EndOfSentence], Sum: 0.0), options.Beam).ToList();
        var finished = new List<(int[] Tokens, double Score)>();
        for (var step = 0; step <= options.MaxLengthB && finished.Count < options.Beam && beam.Count > 0; step++)
        {
            var counts = new double[Words];
            var lists = new List<List<(int[] Tokens, int Token, double Sum)>>();
            for (var group = 0; group < groups; group++)
            {
                var rows = Enumerable
                    .Range(0, beam.Count)
                    .Where(row => step == 0 ? row == group : row % groups == group);
                var best = rows.SelectMany(row =>
                        PlainBeamSearch
                            .Next([model], source, beam[row].Tokens, options)
                            .Select(
                                (logProbability, token) =>
                                    (
                                        beam[row].Tokens,
                                        token,
                                        Sum: beam[row].Sum + logProbability - (strength * counts[token]),
                                        Plain: beam[row].Sum + logProbability
                                    )
                            )
                    )
                    .Where(candidate => candidate.token != Vocabulary.Pad)
                    .Where(candidate =>
                        step < options.MaxLengthB
                            ? candidate.token != Vocabulary.EndOfSentence || step >= options.MinLength
                            : candidate.token == Vocabulary.EndOfSentence
                    )
                    .Where(candidate => !double.IsNegativeInfinity(candidate.Sum))
                    .Select(candidate =>
                        (
                            candidate.Tokens,
                            candidate.token,
                            Sum: step < options.MaxLengthB ? candidate.Sum : candidate.Plain
                        )
                    )
                    .OrderByDescending(candidate => candidate.Sum)
                    .Take(2 * options.Beam / groups)
                    .ToList();
                best.ForEach(candidate => counts[candidate.token]++);
                lists.Add(best);
            }

            // The longest output ends whatever its group: nothing is chosen any more.
            var candidates =
                step < options.MaxLengthB
                    ? Enumerable
                        .Range(0, lists.Max(list => list.Count))
                        .SelectMany(rank => lists.Where(list => rank < list.Count).Select(list => list[rank]))
                        .ToList()
                    : [.. lists.SelectMany(list => list).OrderByDescending(candidate => candidate.Sum)];
            foreach (
                var (tokens, _, sum) in candidates
                    .Take(options.Beam)
                    .Where(candidate => candidate.Token == Vocabulary.EndOfSentence)
            )
            {
                if (finished.Count < options.Beam)
                {
                    finished.Add(([.. tokens[1..], Vocabulary.EndOfSentence], sum / (step + 1)));
                }
            }

            beam =
            [
                .. candidates
                    .Where(candidate => candidate.Token != Vocabulary.EndOfSentence)
                    .Take(options.Beam)
                    .Select(candidate => ((int[])[.. candidate.Tokens, candidate.Token], candidate.Sum)),
            ];
            while (beam.Count > 0 && beam.Count < options.Beam)
            {
                beam.Add((beam[0].Tokens, double.NegativeInfinity));
            }
        }

        return [.. finished.OrderByDescending(hypothesis => hypothesis.Score)];
    }
}
