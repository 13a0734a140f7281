using CsCheck;
using TorchSharp;
using TransformerClinic.Common;
using TransformerClinic.Decoding;
using TransformerClinic.Decoding.Search;
using static TorchSharp.torch;

namespace TransformerClinic.Tests.Decoding.Search;

public sealed class DeviceCandidatesTests
{
    private const int Words = 23;

    private static readonly int[][] Sources =
    [
        [4, 5, 6, 2],
        [10, 9, 8, 7, 6, 5, 4, 2],
        [7, 2],
    ];

    [Fact]
    public void A_search_that_selects_where_it_computes_finds_the_same() =>
        Gen.Select(
                Gen.Long[0, 1000],
                Gen.Int[1, 12],
                Gen.Double[0, 1.5],
                Gen.Int[1, 9],
                Gen.Int[0, 4],
                Gen.Double[-1, 3],
                Gen.Bool
            )
            .Sample(
                (seed, beam, lengthPenalty, maxLength, minLength, unknownPenalty, wide) =>
                {
                    using var scope = NewDisposeScope();
                    using var model = SmallModel.Create(Words, seed);
                    if (wide)
                    {
                        model.to(ScalarType.Float64);
                    }

                    var options = new DecodingOptions
                    {
                        Beam = beam,
                        LengthPenalty = lengthPenalty,
                        MaxLengthA = 0,
                        MaxLengthB = maxLength,
                        MinLength = minLength,
                        UnknownPenalty = unknownPenalty,
                    };
                    var expected = new BeamSearch(model, options).Search(
                        Sources,
                        TestContext.Current.CancellationToken
                    );
                    var found = new BeamSearch(model, options) { SelectsByOperators = true }.Search(
                        Sources,
                        TestContext.Current.CancellationToken
                    );
                    Assert.Equal(Lines(expected), Lines(found));
                },
                iter: 30,
                threads: 1
            );

    [Fact]
    public void What_depends_on_the_hypothesis_is_selected_on_the_processor()
    {
        using var scope = NewDisposeScope();
        using var model = SmallModel.Create(Words, 5);
        var options = new DecodingOptions
        {
            Beam = 3,
            MaxLengthA = 0,
            MaxLengthB = 6,
            NoRepeatNgram = 1,
        };
        var expected = new BeamSearch(model, options).Search(Sources, TestContext.Current.CancellationToken);
        var found = new BeamSearch(model, options) { SelectsByOperators = true }.Search(
            Sources,
            TestContext.Current.CancellationToken
        );
        Assert.Equal(Lines(expected), Lines(found));
    }

    [Fact]
    public void A_model_whose_output_is_not_a_number_is_refused()
    {
        using var scope = NewDisposeScope();
        using var model = SmallModel.Create(Words, 5);
        using (no_grad())
        {
            model.Embeddings.Output.fill_(float.NaN);
        }

        var search = new BeamSearch(model, new DecodingOptions { Beam = 2 }) { SelectsByOperators = true };
        Assert.StartsWith(
            "The model's output is not a number",
            Assert
                .Throws<UserErrorException>(() => search.Search(Sources, TestContext.Current.CancellationToken))
                .Message,
            StringComparison.Ordinal
        );
    }

    private static IEnumerable<string> Lines(IReadOnlyList<IReadOnlyList<Hypothesis>> found) =>
        found.SelectMany(hypotheses =>
            hypotheses.Select(hypothesis => $"{string.Join(' ', hypothesis.Tokens)} {hypothesis.Score:R}")
        );
}
