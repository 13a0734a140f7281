using CsCheck;
using TransformerClinic.Decoding.Search;
using TransformerClinic.Text;

namespace TransformerClinic.Tests.Decoding.Search;

public sealed class TopCandidatesTests
{
    [Fact]
    public void The_best_candidates_are_those_of_a_stable_sort()
    {
        // Few distinct values, so that there are many ties, and every length of a vector's tail.
        var rows = Gen.Int[1, 70]
            .SelectMany(size => Gen.Select(Gen.Int[-6, 0], Gen.Int[-9, 0].Array[size]).Array[1, 4]);
        Gen.Select(rows, Gen.Int[1, 12], Gen.Bool)
            .Sample(
                (beam, count, mayEnd) =>
                {
                    var top = new TopCandidates(count, Vocabulary.Pad);
                    foreach (var (row, (before, logProbabilities)) in beam.Index())
                    {
                        top.Offer(row, before, Array.ConvertAll(logProbabilities, value => (float)value), mayEnd);
                    }

                    var expected = beam.Index()
                        .SelectMany(hypothesis =>
                            hypothesis.Item.Item2.Select(
                                (value, token) => new Candidate(hypothesis.Index, token, value + hypothesis.Item.Item1)
                            )
                        )
                        .Where(candidate =>
                            candidate.Token != Vocabulary.Pad && (mayEnd || candidate.Token != Vocabulary.EndOfSentence)
                        )
                        .OrderByDescending(candidate => candidate.LogProbability)
                        .Take(count);
                    Assert.Equal(expected, top.Best.ToArray());
                }
            );
    }

    [Fact]
    public void Impossible_continuations_are_not_candidates()
    {
        var top = new TopCandidates(3, Vocabulary.Pad);

        top.Offer(0, double.NegativeInfinity, [-1.0, -1.0, -1.0, -1.0], mayEnd: true);
        top.Offer(1, -1, [-2, -3, double.NegativeInfinity, double.NegativeInfinity], mayEnd: true);

        Assert.Equal([new Candidate(1, 0, -3)], top.Best.ToArray());
    }

    [Fact]
    public void Where_the_output_must_end_the_end_mark_is_the_only_candidate()
    {
        var top = new TopCandidates(3, Vocabulary.Pad);

        top.OfferEnd(0, -1, [-1.0, -1.0, -5.0, -1.0]);

        Assert.Equal([new Candidate(0, Vocabulary.EndOfSentence, -6)], top.Best.ToArray());
    }
}
