using TransformerClinic.Residuals.Remedies;

namespace TransformerClinic.Residuals.Tests;

public class ResidualFactoryTests
{
    private const int Dim = 4;

    [Theory]
    [InlineData(ResidualVariant.PostLn, typeof(PostLnResidual))]
    [InlineData(ResidualVariant.PreLn, typeof(PreLnResidual))]
    [InlineData(ResidualVariant.Admin, typeof(AdminResidual))]
    [InlineData(ResidualVariant.AdminFormula, typeof(AdminFormulaResidual))]
    [InlineData(ResidualVariant.AdminAnalytic, typeof(AdminAnalyticResidual))]
    [InlineData(ResidualVariant.DeepNorm, typeof(DeepNormResidual))]
    [InlineData(ResidualVariant.Rezero, typeof(RezeroResidual))]
    [InlineData(ResidualVariant.RezeroPostLn, typeof(RezeroPostLnResidual))]
    [InlineData(ResidualVariant.LookLinear, typeof(LookLinearResidual))]
    [InlineData(ResidualVariant.Keel, typeof(KeelResidual))]
    [InlineData(ResidualVariant.B2t, typeof(B2tResidual))]
    [InlineData(ResidualVariant.Residual, typeof(DualResidual))]
    [InlineData(ResidualVariant.LayerNormScaling, typeof(LayerNormScalingResidual))]
    [InlineData(ResidualVariant.MixLn, typeof(MixLnResidual))]
    [InlineData(ResidualVariant.PeriLn, typeof(PeriLnResidual))]
    [InlineData(ResidualVariant.SandwichLn, typeof(SandwichLnResidual))]
    [InlineData(ResidualVariant.OutputNorm, typeof(OutputNormResidual))]
    [InlineData(ResidualVariant.LayerScale, typeof(Remedies.LayerScaleResidual))]
    [InlineData(ResidualVariant.SkipInit, typeof(SkipInitResidual))]
    [InlineData(ResidualVariant.TFixup, typeof(TFixupResidual))]
    [InlineData(ResidualVariant.DepthMup, typeof(DepthScaledResidual))]
    [InlineData(ResidualVariant.CompleteP, typeof(DepthScaledResidual))]
    [InlineData(ResidualVariant.SpanNorm, typeof(SpanNormResidual))]
    [InlineData(ResidualVariant.SiameseNorm, typeof(SiameseNormResidual))]
    [InlineData(ResidualVariant.SubLn, typeof(SubLnResidual))]
    [InlineData(ResidualVariant.HybridNorm, typeof(HybridNormResidual))]
    [InlineData(ResidualVariant.Dlcl, typeof(DlclResidual))]
    [InlineData(ResidualVariant.DlclPostLn, typeof(DlclResidual))]
    [InlineData(ResidualVariant.HyperConnections, typeof(HyperConnectionResidual))]
    [InlineData(ResidualVariant.Mhc, typeof(HyperConnectionResidual))]
    [InlineData(ResidualVariant.HybridNormStar, typeof(HybridNormResidual))]
    public void Every_variant_is_a_type_of_its_own(ResidualVariant variant, Type type) =>
        Assert.All(Factory(variant).NextLayer(3), connection => Assert.IsType(type, connection));

    [Fact]
    public void No_variant_is_forgotten() =>
        Assert.All(Enum.GetValues<ResidualVariant>(), variant => Factory(variant).NextLayer(2));

    [Fact]
    public void Only_the_first_omega_of_a_stack_is_frozen_and_only_if_it_is_to_be()
    {
        Assert.Equal([true, false, false, false], Frozen(FirstOmega.Frozen));
        Assert.Equal([false, false, false, false], Frozen(FirstOmega.Trainable));
    }

    [Theory]
    [InlineData(ResidualVariant.Rezero)]
    [InlineData(ResidualVariant.RezeroPostLn)]
    public void The_sublayers_of_a_layer_share_one_alpha_and_layers_do_not(ResidualVariant variant)
    {
        var factory = Factory(variant);
        var layers = new[] { factory.NextLayer(3), factory.NextLayer(3) };
        Assert.All(
            layers,
            layer =>
                Assert.Equal(
                    [1, 0, 0],
                    layer.Select(connection => connection.named_parameters().Count(entry => entry.name == "alpha"))
                )
        );
        var alphas = layers.Select(layer => layer.Select(Handle).Distinct().ToList()).ToList();
        Assert.All(alphas, alpha => Assert.Single(alpha));
        Assert.NotEqual(alphas[0], alphas[1]);
    }

    [Fact]
    public void An_unknown_variant_is_refused() =>
        Assert.Throws<InvalidOperationException>(() => Factory((ResidualVariant)99).NextLayer(1));

    [Theory]
    [InlineData(StackRole.Encoder, 12)]
    [InlineData(StackRole.Decoder, 9)]
    [InlineData(StackRole.Alone, 12)]
    public void A_stack_has_two_or_three_connections_a_layer(StackRole role, int residuals) =>
        Assert.Equal(residuals, new StackShape(role, EncoderLayers: 6, DecoderLayers: 3).Residuals);

    private static IntPtr Handle(ResidualConnection connection) =>
        (connection is RezeroResidual rezero ? rezero.Alpha : ((RezeroPostLnResidual)connection).Alpha).Handle;

    private static IEnumerable<bool> Frozen(FirstOmega first)
    {
        var factory = new ResidualFactory(Dim, StackShape.Alone(2), new ResidualOptions { FirstOmega = first });
        return
        [
            .. Enumerable
                .Range(0, 2)
                .SelectMany(_ => factory.NextLayer(2))
                .Cast<AdminResidual>()
                .Select(connection => connection.IsFrozen),
        ];
    }

    private static ResidualFactory Factory(ResidualVariant variant) =>
        new(Dim, StackShape.Alone(2), new ResidualOptions { Variant = variant });
}
