using TorchSharp;
using TransformerClinic.Common;
using TransformerClinic.Diagnosis;
using TransformerClinic.Folding;
using TransformerClinic.Interop;
using TransformerClinic.Interop.Onnx;
using TransformerClinic.Tests.Diagnosis;
using TransformerClinic.Tests.Folding;
using TransformerClinic.Tests.TestSupport;
using TransformerClinic.Text;
using static TorchSharp.torch;

namespace TransformerClinic.Tests.Remedies;

/// <summary>
/// Whatever reads the equation of a connection: each computes what libtorch computes, or refuses in words.
/// </summary>
public sealed class RemedyReaderTests
{
    private const int End = Vocabulary.EndOfSentence;

    public static TheoryData<string> Names => [.. RemedyCases.Optional];

    public static TheoryData<string> All => [.. RemedyCases.Variants, .. RemedyCases.Optional];

    [Theory]
    [MemberData(nameof(Names))]
    public void It_decodes_packed_and_finds_the_tokens_that_libtorch_finds(string name)
    {
        using var scope = NewDisposeScope();
        using var model = RemedyCases.Shaken(name);
        SameSearch.AssertOf(model);
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void A_step_gives_the_logits_of_the_whole_pass(string name)
    {
        using var scope = NewDisposeScope();
        using var noGradient = no_grad();
        using var model = RemedyCases.Shaken(name);
        model.to(ScalarType.Float64);
        var (source, output) = (SmallModel.Tokens(2, 5, 1), SmallModel.Tokens(2, 6, 2));
        var whole = model.Forward(source, output);
        using var cache = model.StartDecoding(model.Encode(source));
        for (var step = 0; step < output.shape[1]; step++)
        {
            var logits = model.DecodeStep(output.narrow(1, step, 1), cache).squeeze(1);
            Assert.InRange((whole.select(1, step) - logits).abs().max().item<double>(), 0, 1e-10);
        }
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void An_ONNX_graph_computes_our_logits(string name)
    {
        using var scope = NewDisposeScope();
        using var noGradient = no_grad();
        using var model = RemedyCases.Shaken(name);
        long[] source = [4, 8, 15, End, Vocabulary.Pad, 9, 10, 4, 17, End];
        long[] target = [2, 7, 9, 4, 2, 5, 5, 13];
        using var runtime = new OnnxRuntimeModel(
            OnnxFile.Bytes(OnnxEncoder.Of(model, quantized: false)),
            OnnxFile.Bytes(OnnxDecoder.Of(model, quantized: false))
        );
        using var cache = runtime.Encode(source, Array.ConvertAll(source, id => id == Vocabulary.Pad ? 0L : 1L), 2);
        using var found = runtime.Decode(target, cache);

        var expected = model.Forward(tensor(source, [2, 5]), tensor(target, [2, 4])).data<float>().ToArray();

        var difference = expected.Zip(found.Values, (a, b) => Math.Abs(a - b)).Max();
        Assert.InRange(difference / expected.Max(Math.Abs), 0, 1e-4);
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void Its_states_are_made_of_what_the_diagnosis_says(string name)
    {
        using var scope = NewDisposeScope();
        using var model = RemedyCases.Shaken(name);
        model.to(ScalarType.Float64);

        var found = ResidualDependency.Measure(model, Patient.Input());

        Assert.All([found.Encoder, found.Decoder], stack => Assert.InRange(stack.LargestDifference, 0, 1e-10));
    }

    [Theory]
    [MemberData(nameof(All))]
    public void It_folds_into_plain_Post_LN_or_says_why_not(string name)
    {
        using var scope = NewDisposeScope();
        using var model = RemedyCases.Shaken(name);
        model.to(ScalarType.Float64);
        if (ReasonNotToFold(name) is { } reason)
        {
            var refused = Assert.Throws<UserErrorException>(() => ResidualFolding.Fold(model));
            Assert.Contains(reason, refused.Message, StringComparison.Ordinal);
            return;
        }

        using var folded = ResidualFolding.Fold(model).Model;

        Assert.All(folded.Encoder.Residuals, connection => Assert.True(connection.Form!.IsPostLn));
        Assert.InRange(Foldable.Difference(Foldable.Logits(model), Foldable.Logits(folded)), 0, 1e-12);
    }

    /// <summary>Other programs have plain Post-LN and Pre-LN with layer normalizations.</summary>
    [Theory]
    [MemberData(nameof(All))]
    public void Nothing_but_plain_stacks_is_taken_for_plain(string name)
    {
        using var model = RemedyCases.Shaken(name);
        PlainStack? expected = name switch
        {
            "post-ln" or "look-linear" => PlainStack.PostLn,
            "pre-ln" or "mix-ln" => PlainStack.PreLn, // a quarter of two layers is none
            _ => null,
        };
        Assert.Equal((expected, expected), PlainStacks.Of(model));
    }

    private static string? ReasonNotToFold(string name) =>
        name switch
        {
            "post-ln" or "post-ln, rms-norm" => "plain Post-LN already",
            "b2t" or "b2t, no bias" or "b2t, branch-norm" => "B2tResidual adds the layer's input",
            "span-norm" => "SpanNormResidual adds the layer's input",
            "siamese-norm" or "siamese-norm, rms-norm" or "siamese-norm, pro-res" =>
                "SiameseNormResidual has a second stream",
            "sub-ln" or "sub-ln, scale-norm" or "sub-ln, rms-norm, pro-res" =>
                "SubLnResidual has branches that normalize inside themselves",
            "hybrid-norm" or "hybrid-norm, rms-norm" or "hybrid-norm, scale-norm" or "hybrid-norm-star" =>
                "HybridNormResidual has branches that normalize inside themselves",
            "hyper-connections" or "hyper-connections, rms-norm" or "hyper-connections, branch-norm" =>
                "HyperConnectionResidual has several streams, which it mixes",
            "mhc" or "mhc, rms-norm" => "HyperConnectionResidual has several streams, which it mixes",
            "dlcl" or "dlcl-post-ln" or "dlcl, rms-norm" or "dlcl, pro-res" or "dlcl-post-ln, scale-norm" =>
                "DlclResidual has layers that read the outputs of all layers before them",
            "residual" or "residual, rms-norm" or "residual, pro-res" => "DualResidual has a second stream",
            "admin, scale-norm" => "its normalization is of the type ScaleNorm",
            "pre-ln, scale-norm" or "sandwich-ln, scale-norm" => "does not normalize the sum",
            "admin, no bias" => "its layer normalization has no gain or no bias",
            "n^1 and inner norm" => "AdminAnalyticResidual normalizes what its branch reads",
            "pre-ln" or "rezero" or "keel" or "layer-norm-scaling" or "mix-ln" or "peri-ln" or "sandwich-ln" =>
                "does not normalize the sum",
            "output-norm" or "layer-scale" or "skip-init" or "t-fixup" or "depth-mup" or "complete-p" =>
                "does not normalize the sum",
            "keel, rms-norm" or "pre-ln, rms-norm" or "peri-ln, rms-norm" => "does not normalize the sum",
            "keel, pro-res" or "peri-ln, branch-norm" or "layer-scale, branch-norm" => "does not normalize the sum",
            _ => null,
        };
}
