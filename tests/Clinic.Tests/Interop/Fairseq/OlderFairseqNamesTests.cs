using TransformerClinic.Interop.Fairseq;

namespace TransformerClinic.Tests.Interop.Fairseq;

public class OlderFairseqNamesTests
{
    [Theory]
    [InlineData("module.encoder.layers.0.fc1.weight", "encoder.layers.0.fc1.weight")]
    [InlineData("encoder.layers.3.module.fc1.weight", "encoder.layers.3.fc1.weight")]
    [InlineData("encoder.layers.0.layer_norms.0.weight", "encoder.layers.0.self_attn_layer_norm.weight")]
    [InlineData("encoder.layers.0.layer_norms.1.bias", "encoder.layers.0.final_layer_norm.bias")]
    [InlineData("decoder.layers.11.layer_norms.0.bias", "decoder.layers.11.self_attn_layer_norm.bias")]
    [InlineData("decoder.layers.11.layer_norms.1.weight", "decoder.layers.11.encoder_attn_layer_norm.weight")]
    [InlineData("decoder.layers.11.layer_norms.2.weight", "decoder.layers.11.final_layer_norm.weight")]
    [InlineData("decoder.layers.0.encoder_attn.k_proj.bias", "decoder.layers.0.encoder_attn.k_proj_bias")]
    [InlineData("encoder.layers.0.self_attn.q_proj.weight", "encoder.layers.0.self_attn.q_proj_weight")]
    [InlineData("encoder.layers.0.self_attn.out_proj.weight", "encoder.layers.0.self_attn.out_proj.weight")]
    [InlineData("decoder.output_projection.weight", "decoder.embed_out")]
    [InlineData("encoder.submodule.weight", "encoder.submodule.weight")]
    public void Each_version_s_name_is_brought_to_one(string stored, string expected) =>
        Assert.Equal(expected, OlderFairseqNames.Current(stored));

    [Theory]
    [InlineData("encoder.version", true)]
    [InlineData("decoder.embed_positions._float_tensor", true)]
    [InlineData("encoder.embed_positions.weights", true)] // sinusoids, which are computed anyway
    [InlineData("encoder.embed_positions.weight", false)] // learned
    public void What_is_not_a_weight_is_known(string name, bool isConstant) =>
        Assert.Equal(isConstant, FairseqNames.IsConstant(name));
}
