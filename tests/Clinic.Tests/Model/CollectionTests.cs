using TransformerClinic.Decoding;
using TransformerClinic.Decoding.Search;
using TransformerClinic.Residuals;
using TransformerClinic.Tests.TestSupport;
using TransformerClinic.Training;
using TransformerClinic.Training.Distributed;
using TransformerClinic.Training.Optimizers;
using static TorchSharp.torch;

namespace TransformerClinic.Tests.Model;

/// <summary>
/// Collections on another thread disturb neither training nor decoding: no scalar of an expression is left to a
/// finaliser while libtorch reads it, which fails once in some ten thousand calls.
/// </summary>
[Trait("Speed", "Slow")]
public class CollectionTests
{
    private const int Passes = 300;

    [Fact]
    public void Training_steps_are_not_disturbed()
    {
        using var replicas = new ModelReplicas(() => SmallModel.Create(), workers: 2, CPU);
        var batch = Reversal.Batch(8, seed: 1);
        using var optimizer = Optimizer.Create(
            replicas.Parameters,
            new OptimizerOptions { Name = OptimizerName.Sgd, Momentum = 0.9 }
        );
        GarbageCollections.During(() =>
        {
            for (var i = 1; i <= Passes; i++)
            {
                replicas.AddGradients(batch, 0.1, worker => (ulong)((2 * i) + worker));
                optimizer.Step(i, 1e-3, 1.0 / batch.TargetTokens);
            }
        });
        Assert.True(double.IsFinite(replicas.Parameters.GradientNorm()));
    }

    [Fact]
    public void Searches_are_not_disturbed()
    {
        using var model = SmallModel.Create(SmallModel.Options(ResidualVariant.PreLn) with { MaxPositions = 32 });
        var search = new BeamSearch(
            model,
            new DecodingOptions
            {
                Beam = 3,
                MaxLengthA = 0,
                MaxLengthB = 12,
            }
        );
        int[][] sources =
        [
            [5, 6, 7, 2],
            [8, 2],
        ];
        var expected = search.Search(sources, TestContext.Current.CancellationToken)[0][0].Tokens;
        GarbageCollections.During(() =>
        {
            for (var i = 0; i < Passes; i++)
            {
                Assert.Equal(expected, search.Search(sources, TestContext.Current.CancellationToken)[0][0].Tokens);
            }
        });
    }
}
