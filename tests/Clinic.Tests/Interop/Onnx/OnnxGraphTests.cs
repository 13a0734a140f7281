using TransformerClinic.Model;
using TransformerClinic.Residuals;
using TransformerClinic.Tests.Folding;
using TransformerClinic.Tests.TestSupport;
using TransformerClinic.Text;
using static TorchSharp.torch;

namespace TransformerClinic.Tests.Interop.Onnx;

/// <summary>Graphs as ONNX Runtime computes them, beside our own model.</summary>
public sealed class OnnxGraphTests
{
    // Of the largest logit: what order of addition changes in float32.
    private const double Tolerance = 1e-4;

    public static TheoryData<ResidualVariant> Variants => [.. Enum.GetValues<ResidualVariant>()];

    public static TheoryData<string> Foldables => [.. Foldable.Names];

    [Theory]
    [MemberData(nameof(Variants))]
    public void A_graph_computes_our_logits_for_every_variant(ResidualVariant variant)
    {
        using var model = SmallModel.Create(variant);
        AssertLogits(model, quantized: false, Tolerance);
    }

    [Theory]
    [MemberData(nameof(Foldables))]
    public void A_graph_holds_every_scale_as_training_left_it(string name)
    {
        using var model = Foldable.Create(name);
        model.to(ScalarType.Float32);
        AssertLogits(model, quantized: false, Tolerance);
    }

    [Theory]
    [InlineData(Activation.Gelu, EmbeddingSharing.None, 1)]
    [InlineData(Activation.Relu, EmbeddingSharing.Decoder, 4)]
    public void A_graph_holds_every_shape(Activation activation, EmbeddingSharing sharing, int heads)
    {
        var options = SmallModel.Options() with { Activation = activation, SharedEmbeddings = sharing, Heads = heads };
        using var model = SmallModel.Create(options);
        AssertLogits(model, quantized: false, Tolerance);
    }

    [Theory]
    [InlineData(EmbeddingSharing.All)]
    [InlineData(EmbeddingSharing.None)]
    public void Int8_changes_logits_a_little(EmbeddingSharing sharing)
    {
        using var model = SmallModel.Create(SmallModel.Options() with { SharedEmbeddings = sharing });
        var difference = AssertLogits(model, quantized: true, 0.1);

        Assert.True(difference > 1e-6, "nothing was rounded");
    }

    [Fact]
    public void Steps_with_the_cache_give_what_a_whole_pass_gives()
    {
        using var model = SmallModel.Create(ResidualVariant.Admin);
        using var runtime = new OnnxModel(model, quantized: false);
        var source = Source();
        long[,] target =
        {
            { 2, 7, 9, 4, 11 },
            { 2, 5, 5, 13, 6 },
        };
        var memory = runtime.Encode(source);
        var whole = runtime.Decode(target, memory, source);
        var cache = runtime.Empty(batch: 2);
        for (var step = 0; step < target.GetLength(1); step++)
        {
            var logits = runtime.Step(
                new long[,]
                {
                    { target[0, step] },
                    { target[1, step] },
                },
                memory,
                source,
                cache
            );
            Assert.Equal(0, Difference(Columns(whole, step), Columns(logits, 0)), 4);
        }
    }

    private static double AssertLogits(Transformer model, bool quantized, double tolerance)
    {
        using var scope = NewDisposeScope();
        using var noGradient = no_grad();
        var source = Source();
        long[,] target =
        {
            { 2, 7, 9, 4, 11 },
            { 2, 5, 5, 13, 6 },
        };
        using var runtime = new OnnxModel(model, quantized);
        var found = runtime.Decode(target, runtime.Encode(source), source);
        var expected = model.Forward(tensor(source), tensor(target)).to(ScalarType.Float32);
        Assert.Equal(expected.shape.Select(length => (int)length), found.Shape);
        var ours = expected.data<float>().ToArray();
        var largest = ours.Max(Math.Abs);
        var difference = ours.Zip(found.Values, (one, other) => Math.Abs(one - other)).Max() / largest;
        Assert.InRange(difference, 0, tolerance);
        return difference;
    }

    /// <summary>Two sentences; the first has padding on the right.</summary>
    private static long[,] Source() =>
        new long[,]
        {
            { 4, 8, 15, Vocabulary.EndOfSentence, Vocabulary.Pad, Vocabulary.Pad },
            { 9, 10, 4, 17, 5, Vocabulary.EndOfSentence },
        };

    private static float[] Columns(OnnxValues values, int position)
    {
        var (length, width) = (values.Shape[1], values.Shape[2]);
        return
        [
            .. Enumerable
                .Range(0, values.Shape[0])
                .SelectMany(row => values.Values.Skip(((row * length) + position) * width).Take(width)),
        ];
    }

    private static double Difference(float[] one, float[] other) => one.Zip(other, (a, b) => Math.Abs(a - b)).Max();
}
