using TransformerClinic.Decoding;
using TransformerClinic.Decoding.Search;
using TransformerClinic.Text;

namespace TransformerClinic.Tests.Decoding.Search;

public sealed class SentenceSearchTests
{
    private const int End = Vocabulary.EndOfSentence;

    [Fact]
    public void An_end_mark_among_the_first_beam_candidates_finishes_and_a_later_one_is_dropped()
    {
        var search = Search(new DecodingOptions { Beam = 2, LengthPenalty = 0 });
        search.Advance([new(0, 7, -1), new(0, 8, -2), new(0, End, -3), new(0, 9, -4)]);
        Assert.Empty(search.Finished);

        search.Advance([new(1, 5, -3), new(0, End, -4), new(1, End, -5), new(0, 6, -6)]);

        Assert.Equal(
            [
                [7, End],
            ],
            search.Finished.Select(hypothesis => hypothesis.Tokens)
        );
        Assert.Equal([(5, 1), (6, 0)], search.Beam.Select(hypothesis => (hypothesis.Token, hypothesis.Parent!.Row)));
        Assert.False(search.Done);
    }

    [Fact]
    public void A_sentence_is_done_with_beam_finished_hypotheses_even_if_a_live_one_is_better()
    {
        var search = Search(new DecodingOptions { Beam = 2, LengthPenalty = 1 });
        search.Advance([new(0, End, -2.5), new(0, 7, -3), new(0, 8, -4), new(0, 9, -5)]);
        Assert.False(search.Done);

        search.Advance([new(0, 5, -3), new(0, End, -4), new(1, 6, -5), new(1, End, -6)]);

        // -4 / 2 is better than -2.5 / 1, so the later one comes first.
        Assert.True(search.Done);
        Assert.Equal([-2, -2.5], search.Finished.Select(hypothesis => hypothesis.Score));
        Assert.Equal([-3f, -1f], search.Finished[0].TokenLogProbabilities);
    }

    [Fact]
    public void Where_neither_a_token_nor_the_end_may_follow_the_best_hypothesis_ends_all_the_same()
    {
        var search = Search(new DecodingOptions { Beam = 2, LengthPenalty = 0 });
        search.Advance([new(0, 7, -1), new(0, 8, -2)]);

        search.Advance([]);

        Assert.True(search.Done);
        var ended = Assert.Single(search.Finished);
        Assert.Equal([7, End], ended.Tokens);
        Assert.Equal(-1, ended.Score);
    }

    [Fact]
    public void A_place_without_a_candidate_stays_impossible()
    {
        var search = Search(new DecodingOptions { Beam = 3 });

        search.Advance([new(0, 7, -1)]);

        Assert.Equal(3, search.Beam.Count);
        Assert.Equal(
            [-1, double.NegativeInfinity, double.NegativeInfinity],
            search.Beam.Select(hypothesis => hypothesis.LogProbability)
        );
        Assert.Equal([0, 1, 2], search.Beam.Select(hypothesis => hypothesis.Row));
    }

    private static SentenceSearch Search(DecodingOptions options) =>
        new(options, new SourceSentence([5, End]), minLength: 1, maxLength: 10);
}
