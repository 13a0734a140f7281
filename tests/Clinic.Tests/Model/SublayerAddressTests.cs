using TransformerClinic.Model;
using TransformerClinic.Tests.TestSupport;

namespace TransformerClinic.Tests.Model;

public class SublayerAddressTests
{
    public static TheoryData<object, int, object, string, string, string> Words =>
        new()
        {
            {
                StackName.Encoder,
                3,
                SublayerKind.SelfAttention,
                "encoder.layers.3.self_attention",
                "encoder layer 4, self-attention",
                "encoder attn"
            },
            {
                StackName.Encoder,
                0,
                SublayerKind.FeedForward,
                "encoder.layers.0.feed_forward",
                "encoder layer 1, feed-forward",
                "encoder ffn"
            },
            {
                StackName.Decoder,
                0,
                SublayerKind.SelfAttention,
                "decoder.layers.0.self_attention",
                "decoder layer 1, self-attention",
                "decoder s-att"
            },
            {
                StackName.Decoder,
                11,
                SublayerKind.CrossAttention,
                "decoder.layers.11.cross_attention",
                "decoder layer 12, cross-attention",
                "decoder e-att"
            },
            {
                StackName.Decoder,
                1,
                SublayerKind.FeedForward,
                "decoder.layers.1.feed_forward",
                "decoder layer 2, feed-forward",
                "decoder ffn"
            },
        };

    [Theory]
    [MemberData(nameof(Words))]
    public void Path_words_and_name_in_plots_follow_from_the_address(
        object stack,
        int layer,
        object kind,
        string path,
        string words,
        string plotName
    )
    {
        var address = new SublayerAddress((StackName)stack, layer, (SublayerKind)kind);

        Assert.Equal(path, address.Path);
        Assert.Equal(words, address.ToString());
        Assert.Equal(plotName, address.PlotName());
        Assert.Equal(address, SublayerAddress.OfPath(path));
        Assert.Equal(address, SublayerAddress.OfPath(path + ".residual.norm.weight"));
    }

    [Theory]
    [InlineData("embeddings.shared")]
    [InlineData("encoder.norm.weight")]
    [InlineData("encoder.layers.0")]
    [InlineData("encoder.layers.first.self_attention.residual")]
    [InlineData("encoder.layers.-1.self_attention.residual")]
    [InlineData("encoder.layers.0.cross_attention.residual")] // an encoder of ours has none
    [InlineData("encoder.layers.0.mixer.residual")]
    [InlineData("text_encoder.layers.0.self_attention.residual")]
    [InlineData("outer.encoder.layers.0.self_attention.residual")]
    [InlineData("")]
    public void Other_paths_are_in_no_sublayer(string path) => Assert.Null(SublayerAddress.OfPath(path));

    [Fact]
    public void The_addresses_of_a_model_lead_to_its_modules_in_forward_order()
    {
        using var model = SmallModel.Create();

        var found = SublayerAddress.AllOf(model).ToList();

        Assert.Equal(model.Encoder.Sublayers.Concat(model.Decoder.Sublayers), found.Select(entry => entry.Sublayer));
        Assert.All(
            found,
            entry =>
                Assert.Equal(
                    entry.Sublayer.parameters().Select(parameter => parameter.Handle),
                    model
                        .named_parameters()
                        .Where(parameter => SublayerAddress.OfPath(parameter.name) == entry.Address)
                        .Select(parameter => parameter.parameter.Handle)
                )
        );
        Assert.Equal(
            model.named_parameters().Count(parameter => parameter.name.Contains(".layers.", StringComparison.Ordinal)),
            found.Sum(entry => entry.Sublayer.parameters().Count())
        );
    }
}
