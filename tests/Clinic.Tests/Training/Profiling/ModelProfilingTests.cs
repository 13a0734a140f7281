using CsCheck;
using TransformerClinic.Data;
using TransformerClinic.Model;
using TransformerClinic.Residuals;
using TransformerClinic.Tests.TestSupport;
using TransformerClinic.Training;
using TransformerClinic.Training.Profiling;
using static TorchSharp.torch;

namespace TransformerClinic.Tests.Training.Profiling;

public class ModelProfilingTests
{
    private static readonly ProfilingOptions WithoutDropout = new() { Dropout = false };

    [Theory]
    [InlineData(ResidualVariant.PostLn)]
    [InlineData(ResidualVariant.PreLn)]
    public void A_model_without_admin_connections_has_nothing_to_profile(ResidualVariant variant)
    {
        using var model = SmallModel.Create(variant);
        Assert.Null(ModelProfiling.Run(model, [Reversal.Batch(4, seed: 1)], new ProfilingOptions(), seed: 1, CPU));
    }

    [Fact]
    public void A_profile_says_where_its_omegas_come_from()
    {
        using var model = SmallModel.Create();
        var batch = Reversal.Batch(4, seed: 1);
        var profile = ModelProfiling.Run(model, [batch], new ProfilingOptions(), seed: 9, CPU)!;
        Assert.Equal(
            (4, batch.SourceTokens, batch.TargetTokens, 9L, true, PaddingPolicy.Ignore),
            (
                profile.Sentences,
                profile.SourceTokens,
                profile.TargetTokens,
                profile.Seed,
                profile.Dropout,
                profile.Padding
            )
        );
        Assert.Equal(
            [
                .. Enumerable.Range(1, 4).Select(i => ("encoder", i)),
                .. Enumerable.Range(1, 6).Select(i => ("decoder", i)),
            ],
            profile.Connections.Select(connection => (connection.Chain, connection.Index))
        );
        Assert.Equal(
            profile.Connections.Select(connection => (float)connection.Omega),
            model
                .Encoder.Residuals.Concat(model.Decoder.Residuals)
                .Select(residual => ((AdminResidual)residual).Omega.data<float>()[0])
        );
        Assert.Equal((1, 1), (profile.Connections[0].Omega, profile.Connections[4].Omega));
        Assert.False(model.Dropout.Active);
    }

    [Fact]
    public void Several_batches_are_profiled_as_one()
    {
        using var one = SmallModel.Create();
        using var several = SmallModel.Create();
        var examples = Reversal.Examples(24, seed: 1);
        Batch Of(int first, int count) => new(examples, [.. Enumerable.Range(first, count)]);
        var expected = ModelProfiling.Run(one, [Of(0, 24)], WithoutDropout, seed: 1, CPU)!;
        var profile = ModelProfiling.Run(several, [Of(0, 5), Of(5, 12), Of(17, 7)], WithoutDropout, seed: 1, CPU)!;
        Assert.Equal(
            (24, expected.SourceTokens, expected.TargetTokens),
            (profile.Sentences, profile.SourceTokens, profile.TargetTokens)
        );
        Assert.Equal(
            expected.Connections.Select(c => c.Omega),
            profile.Connections.Select(c => c.Omega),
            (a, b) => Math.Abs(a - b) < 1e-6
        );
    }

    [Fact]
    public void Each_of_several_batches_has_dropout_masks_of_its_own()
    {
        using var model = SmallModel.Create();
        var batch = Reversal.Batch(4, seed: 1);
        double[] Omegas(params Batch[] batches) =>
            [
                .. ModelProfiling
                    .Run(model, batches, new ProfilingOptions(), seed: 1, CPU)!
                    .Connections.Select(c => c.Omega),
            ];
        Assert.NotEqual(Omegas(batch), Omegas(batch, batch));
        Assert.Equal(Omegas(batch, batch), Omegas(batch, batch));
    }

    [Fact]
    public void In_a_hybrid_only_the_admin_stack_is_profiled()
    {
        using var model = SmallModel.Create(
            SmallModel.Options() with
            {
                Encoder = new StackOptions { Layers = 2, Variant = ResidualVariant.PreLn },
            }
        );
        var profile = ModelProfiling.Run(model, [Reversal.Batch(4, seed: 1)], new ProfilingOptions(), seed: 1, CPU)!;
        Assert.All(profile.Connections, connection => Assert.Equal("decoder", connection.Chain));
        Assert.Equal(6, profile.Connections.Count);
    }

    [Fact]
    public void Profiling_again_finds_the_same_and_dropout_changes_what_is_found()
    {
        using var model = SmallModel.Create();
        var batch = Reversal.Batch(4, seed: 1);
        IEnumerable<double> Omegas(ProfilingOptions options, long seed) =>
            [.. ModelProfiling.Run(model, [batch], options, seed, CPU)!.Connections.Select(c => c.Omega)];
        Assert.Equal(Omegas(new ProfilingOptions(), 1), Omegas(new ProfilingOptions(), 1));
        Assert.NotEqual(Omegas(new ProfilingOptions(), 1), Omegas(new ProfilingOptions(), 2));
        Assert.NotEqual(Omegas(new ProfilingOptions(), 1), Omegas(WithoutDropout, 1));
        Assert.Equal(Omegas(WithoutDropout, 1), Omegas(WithoutDropout, 2));
    }

    [Fact]
    public void Omegas_do_not_depend_on_padding_unless_it_counts() =>
        Gen.Int[1, 8]
            .Sample(
                longer =>
                {
                    using var scope = NewDisposeScope();
                    using var noGradient = no_grad();
                    using var model = SmallModel.Create();
                    var (source, target) = (SmallModel.Tokens(3, 5, 1), SmallModel.Tokens(3, 4, 2));
                    var paddedSource = cat([source, SmallModel.Padding(3, longer)], 1);
                    var paddedTarget = cat([target, SmallModel.Padding(3, longer)], 1);
                    Assert.True(
                        Difference(model, (source, target), (paddedSource, paddedTarget), countPadding: false) < 1e-6
                    );
                    Assert.True(
                        Difference(model, (source, target), (paddedSource, paddedTarget), countPadding: true) > 1e-3
                    );
                },
                iter: 8
            );

    private static double Difference(
        Transformer model,
        (Tensor Source, Tensor Target) first,
        (Tensor Source, Tensor Target) second,
        bool countPadding
    )
    {
        IEnumerable<double> Omegas((Tensor Source, Tensor Target) batch) =>
            AdminProfiler
                .Run(
                    model,
                    [
                        new ProfilingChunk(() => model.Forward(batch.Source, batch.Target))
                        {
                            RealPositions = countPadding
                                ? new Dictionary<string, Tensor>()
                                : model.RealPositions(batch.Source, batch.Target),
                        },
                    ]
                )
                .Select(connection => connection.Omega);

        return Omegas(first).Zip(Omegas(second), (a, b) => Math.Abs(a - b)).Max();
    }
}
