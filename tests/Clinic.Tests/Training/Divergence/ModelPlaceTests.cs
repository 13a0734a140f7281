using TransformerClinic.Tests.Remedies;
using TransformerClinic.Training.Divergence;

namespace TransformerClinic.Tests.Training.Divergence;

public class ModelPlaceTests
{
    public static TheoryData<string> Variants => [.. RemedyCases.Variants];

    [Theory]
    [MemberData(nameof(Variants))]
    public void Every_parameter_of_every_variant_has_words_for_its_place(string variant)
    {
        using var model = RemedyCases.Shaken(variant);
        Assert.All(model.named_parameters(), entry => Assert.DoesNotContain('.', ModelPlace.OfParameter(entry.name)));
    }

    [Theory]
    [InlineData("encoder.input_norm.weight", "the encoder's input normalization")]
    [InlineData("decoder.norm.bias", "the decoder's last normalization")]
    [InlineData("decoder.input_scale", "the decoder's input scale")]
    [InlineData("embeddings.shared", "the embeddings")]
    [InlineData("somebody.elses", "somebody.elses")]
    public void What_is_in_no_sublayer_is_named_by_its_stack(string name, string expected) =>
        Assert.Equal(expected, ModelPlace.OfParameter(name));
}
