using TorchSharp;
using TransformerClinic.Common;
using TransformerClinic.Decoding;
using TransformerClinic.Decoding.Search;
using static TorchSharp.torch;

namespace TransformerClinic.Tests.Decoding.Search;

/// <summary>Where a search ends: positions, vocabulary, no input, cancellation, a broken model.</summary>
public sealed class SearchLimitTests
{
    private const int Words = 11;

    private static readonly int[][] Sources =
    [
        [4, 5, 6, 2],
        [10, 9, 8, 7, 6, 5, 4, 2],
        [7, 2],
    ];

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public void The_search_ends_where_the_models_positions_end()
    {
        using var scope = NewDisposeScope();
        var search = new BeamSearch(
            SmallModel.Create(Words, 5, maxPositions: 6),
            new DecodingOptions { Beam = 3, MinLength = 100 }
        );

        var found = search.Search(
            [
                [4, 5, 6, 7, 8, 2],
            ],
            Cancellation
        );

        Assert.All(found[0], hypothesis => Assert.Equal(6, hypothesis.Tokens.Length));
        Assert.Throws<ArgumentException>(() =>
            search.Search(
                [
                    [4, 5, 6, 7, 8, 9, 2],
                ],
                Cancellation
            )
        );
        Assert.Throws<ArgumentException>(() =>
            search.Search(
                [
                    [],
                ],
                Cancellation
            )
        );
    }

    [Fact]
    public void A_beam_wider_than_the_vocabulary_finds_everything()
    {
        using var scope = NewDisposeScope();
        var options = new DecodingOptions
        {
            Beam = 50,
            MaxLengthA = 0,
            MaxLengthB = 1,
            MinLength = 0,
        };

        var found = new BeamSearch(SmallModel.Create(Words, 5), options).Search([Sources[0]], Cancellation)[0];

        // The empty output, and each of the nine words that are neither the end mark nor padding.
        Assert.Equal(10, found.Count);
        Assert.Equal(10, found.Select(hypothesis => hypothesis.Tokens[0]).Distinct().Count());
    }

    [Fact]
    public void A_model_whose_output_is_not_a_number_is_reported_to_the_user()
    {
        using var scope = NewDisposeScope();
        var model = SmallModel.Create(Words, 5);
        using (no_grad())
        {
            model.Embeddings.Output.fill_(float.NaN);
        }

        var exception = Assert.Throws<UserErrorException>(() =>
            new BeamSearch(model, new DecodingOptions()).Search(Sources, Cancellation)
        );

        Assert.Contains("not a number", exception.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void No_sources_give_no_hypotheses_and_a_canceled_search_stops()
    {
        using var scope = NewDisposeScope();
        var search = new BeamSearch(SmallModel.Create(Words, 5), new DecodingOptions());

        Assert.Empty(search.Search([], Cancellation));
        Assert.Throws<OperationCanceledException>(() => search.Search(Sources, new CancellationToken(canceled: true)));
    }

    [Fact]
    public void A_search_leaves_no_tensor_behind()
    {
        using var scope = NewDisposeScope();
        var search = new BeamSearch(SmallModel.Create(Words, 5), new DecodingOptions { Beam = 3 });
        var statistics = DisposeScopeManager.Statistics;
        search.Search(Sources, Cancellation);
        var before = (
            statistics.ThreadTotalLiveCount,
            statistics.DetachedFromScopeCount - statistics.DisposedOutsideScopeCount
        );

        search.Search(Sources, Cancellation);

        Assert.Equal(
            before,
            (statistics.ThreadTotalLiveCount, statistics.DetachedFromScopeCount - statistics.DisposedOutsideScopeCount)
        );
    }
}
