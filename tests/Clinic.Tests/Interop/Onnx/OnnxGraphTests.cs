using TorchSharp;
using TransformerClinic.Interop.Onnx;
using TransformerClinic.Model;
using TransformerClinic.Residuals;
using TransformerClinic.Tests.Folding;
using TransformerClinic.Tests.Model;
using TransformerClinic.Tests.TestSupport;
using TransformerClinic.Text;
using static TorchSharp.torch;

namespace TransformerClinic.Tests.Interop.Onnx;

/// <summary>Graphs as ONNX Runtime computes them, beside our own model.</summary>
public sealed class OnnxGraphTests
{
    // Of the largest logit: what order of addition changes in float32.
    private const double Tolerance = 1e-4;

    private const int SourceLength = 6;
    private const int TargetLength = 5;

    /// <summary>Two sentences; the first has padding on the right.</summary>
    private static readonly long[] Source =
    [
        .. new long[] { 4, 8, 15, Vocabulary.EndOfSentence, Vocabulary.Pad, Vocabulary.Pad },
        .. new long[] { 9, 10, 4, 17, 5, Vocabulary.EndOfSentence },
    ];

    private static readonly long[] Target = [2, 7, 9, 4, 11, 2, 5, 5, 13, 6];

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

    [Fact]
    public void A_graph_holds_the_options_of_other_programs_models()
    {
        using var model = OtherProgramsModel.Create();
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
        using var runtime = Open(model, quantized: false);
        using var other = Encoded(runtime);
        using var whole = runtime.Decode(Target, other);
        using var cache = Encoded(runtime);
        for (var step = 0; step < TargetLength; step++)
        {
            using var logits = runtime.Decode([Target[step], Target[TargetLength + step]], cache);
            Assert.Equal(0, Difference(Columns(whole, step), Columns(logits, 0)), 4);
        }
    }

    [Fact]
    public void Rows_of_the_cache_are_kept_repeated_and_dropped_as_a_search_needs()
    {
        using var model = SmallModel.Create(ResidualVariant.Admin);
        using var runtime = Open(model, quantized: false);
        using var kept = Encoded(runtime);
        using var fresh = Encoded(runtime);
        runtime.Decode([2, 2], kept).Dispose();
        runtime.Decode([2, 2], fresh).Dispose();

        kept.Keep([1, 1, 0]);

        using var found = runtime.Decode([7, 9, 5], kept);
        using var first = runtime.Decode([5, 7], fresh);
        Assert.Equal(3, kept.Rows);
        Assert.Equal(Rows(first, 1), Rows(found, 0));
        Assert.Equal(Rows(first, 0), Rows(found, 2));
        Assert.NotEqual(Rows(found, 0), Rows(found, 1));
    }

    private static double AssertLogits(Transformer model, bool quantized, double tolerance)
    {
        using var scope = NewDisposeScope();
        using var noGradient = no_grad();
        using var runtime = Open(model, quantized);
        using var cache = Encoded(runtime);
        using var found = runtime.Decode(Target, cache);
        var expected = model
            .Forward(tensor(Source, [2, SourceLength]), tensor(Target, [2, TargetLength]))
            .to(ScalarType.Float32);
        Assert.Equal(expected.shape.Select(length => (int)length), found.Shape);
        var ours = expected.data<float>().ToArray();
        var difference = Difference(ours, found.Values) / ours.Where(float.IsFinite).Max(Math.Abs);
        Assert.InRange(difference, 0, tolerance);
        return difference;
    }

    private static OnnxRuntimeModel Open(Transformer model, bool quantized) =>
        new(OnnxFile.Bytes(OnnxEncoder.Of(model, quantized)), OnnxFile.Bytes(OnnxDecoder.Of(model, quantized)));

    private static OnnxCache Encoded(OnnxRuntimeModel runtime) =>
        runtime.Encode(Source, Array.ConvertAll(Source, id => id == Vocabulary.Pad ? 0L : 1L), rows: 2);

    private static float[] Columns(OnnxTensor values, int position)
    {
        var (length, width) = (values.Shape[1], values.Shape[2]);
        var numbers = values.Values;
        return
        [
            .. Enumerable
                .Range(0, values.Shape[0])
                .SelectMany(row => numbers.Skip(((row * length) + position) * width).Take(width)),
        ];
    }

    private static float[] Rows(OnnxTensor values, int row)
    {
        using var rows = values.Rows([row]);
        return rows.Values;
    }

    /// <summary>Words that are ruled out are minus infinity in both.</summary>
    private static double Difference(float[] one, float[] other) =>
        one.Zip(other, (a, b) => a.Equals(b) ? 0 : Math.Abs(a - b)).Max();
}
