using TransformerClinic.Interop.Fairseq;
using TransformerClinic.Model;
using TransformerClinic.Residuals;
using TransformerClinic.Tests.TestSupport;

namespace TransformerClinic.Tests.Interop.Fairseq;

public class FairseqNamesTests
{
    [Theory]
    [InlineData("embeddings.shared", "encoder.embed_tokens.weight")]
    [InlineData("embeddings.target", "decoder.embed_tokens.weight")]
    [InlineData("embeddings.output", "decoder.embed_out")]
    [InlineData("encoder.norm.bias", "encoder.layer_norm.bias")]
    [InlineData(
        "encoder.layers.7.self_attention.branch.input_projection.weight",
        "encoder.layers.7.self_attn.in_proj_weight"
    )]
    [InlineData(
        "decoder.layers.0.cross_attention.branch.input_projection.bias",
        "decoder.layers.0.encoder_attn.in_proj_bias"
    )]
    [InlineData(
        "decoder.layers.0.cross_attention.branch.output_projection.weight",
        "decoder.layers.0.encoder_attn.out_proj.weight"
    )]
    [InlineData(
        "decoder.layers.0.cross_attention.residual.norm.weight",
        "decoder.layers.0.encoder_attn_layer_norm.weight"
    )]
    [InlineData("encoder.layers.1.feed_forward.branch.inner.weight", "encoder.layers.1.fc1.weight")]
    [InlineData("encoder.layers.1.feed_forward.branch.outer.bias", "encoder.layers.1.fc2.bias")]
    [InlineData("encoder.layers.1.feed_forward.residual.norm.weight", "encoder.layers.1.final_layer_norm.weight")]
    [InlineData("encoder.layers.1.self_attention.residual.omega", "encoder.layers.1.attention_ratio_change")]
    [InlineData("decoder.layers.1.self_attention.residual.omega", "decoder.layers.1.self_ratio_change")]
    [InlineData("decoder.layers.1.cross_attention.residual.omega", "decoder.layers.1.encoder_ratio_change")]
    [InlineData("decoder.layers.1.feed_forward.residual.omega", "decoder.layers.1.fc_ratio_change")]
    [InlineData("encoder.layers.2.self_attention.residual.alpha", "encoder.layers.2.rezero_weight")]
    public void Parameters_have_the_references_names(string ours, string reference) =>
        Assert.Equal(reference, FairseqNames.OfParameter(ours));

    /// <summary>The variants whose parameters the authors' fairseq has: those that are older than the
    /// remedies.</summary>
    public static IEnumerable<ResidualVariant> Known =>
        Enum.GetValues<ResidualVariant>().TakeWhile(variant => variant <= ResidualVariant.LookLinear);

    [Fact]
    public void Every_parameter_of_every_variant_that_it_has_has_a_name_of_its_own()
    {
        foreach (var variant in Known)
        {
            foreach (var sharing in Enum.GetValues<EmbeddingSharing>())
            {
                using var model = SmallModel.Create(SmallModel.Options(variant) with { SharedEmbeddings = sharing });
                var names = model.named_parameters().Select(entry => FairseqNames.OfParameter(entry.name)).ToList();

                Assert.Equal(names.Count, names.Distinct().Count());
            }
        }
    }

    [Fact]
    public void Queries_keys_and_values_may_be_stored_separately()
    {
        Assert.Equal(
            [
                "decoder.layers.0.encoder_attn.q_proj_weight",
                "decoder.layers.0.encoder_attn.k_proj_weight",
                "decoder.layers.0.encoder_attn.v_proj_weight",
            ],
            FairseqNames.Separate("decoder.layers.0.encoder_attn.in_proj_weight")
        );
    }

    [Theory]
    [InlineData("embeddings.shared.weight")]
    [InlineData("encoder.layers.0.self_attention.residual.gamma")]
    [InlineData("positions.table")]
    public void Other_names_are_refused(string name) =>
        Assert.Throws<ArgumentException>(() => FairseqNames.OfParameter(name));
}
