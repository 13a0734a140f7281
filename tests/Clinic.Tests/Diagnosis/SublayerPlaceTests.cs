using TransformerClinic.Diagnosis;
using TransformerClinic.Files;
using TransformerClinic.Model;

namespace TransformerClinic.Tests.Diagnosis;

public class SublayerPlaceTests
{
    [Fact]
    public void A_connection_of_our_Transformer_has_an_address()
    {
        var place = SublayerPlace.Of("decoder", "decoder.layers.3.cross_attention.residual", number: 10);

        Assert.Equal(new SublayerAddress(StackName.Decoder, 3, SublayerKind.CrossAttention), place.Address);
        Assert.Equal(("decoder", 3, "cross_attention"), (place.Stack, place.Layer, place.Name));
        Assert.Equal("decoder layer 4, cross-attention", place.ToString());
        Assert.Equal(new SublayerPlace(place.Address!.Value), place);
    }

    [Theory]
    [InlineData("model", "blocks.2.residual")]
    [InlineData("encoder", "encoder.layers.2.mixer.residual")] // a sublayer that ours do not have
    [InlineData("encoder", "encoder.layers.2.self_attention.inner.residual")]
    [InlineData("all", "encoder.layers.2.self_attention.residual")] // the pass has a rule of its own for stacks
    public void A_connection_of_a_third_party_model_has_its_module_path(string stack, string path)
    {
        var place = SublayerPlace.Of(stack, path, number: 5);

        Assert.Null(place.Address);
        Assert.Null(place.ReferenceName);
        Assert.Equal((stack, 5, path), (place.Stack, place.Layer, place.Name));
        Assert.Equal(path, place.ToString());
    }

    [Fact]
    public void Its_keys_in_JSON_are_those_of_diagnoses_written_before() =>
        Assert.Equal(
            """{"stack":"encoder","layer":0,"name":"self_attention","referenceName":"encoder attn"}""",
            Json.Line(new SublayerPlace(new SublayerAddress(StackName.Encoder, 0, SublayerKind.SelfAttention)))
        );
}
