using System.Text.Json;
using TorchSharp;
using TransformerClinic.Model;
using TransformerClinic.Residuals;
using TransformerClinic.Residuals.Remedies;
using TransformerClinic.Tests.TestSupport;
using static TorchSharp.torch;

namespace TransformerClinic.Tests.Remedies;

/// <summary>
/// Whole encoders next to what the references' encoders computed, where a remedy is in the branches as well:
/// tests/Residuals.Tests/Golden/README.md.
/// </summary>
public sealed class GoldenEncoderTests
{
    private const double Tolerance = 1e-12;

    [Theory]
    [InlineData(ResidualVariant.SubLn, "sub-ln")]
    [InlineData(ResidualVariant.HybridNorm, "hybrid-norm")]
    [InlineData(ResidualVariant.HybridNormStar, "hybrid-norm-star")]
    public void An_encoder_computes_what_the_authors_encoder_does(ResidualVariant variant, string name)
    {
        using var scope = NewDisposeScope();
        var recorded = Recorded(name);
        var isWhole = variant == ResidualVariant.SubLn; // of HybridNorm without the norm at the end of the stack
        using var model = Model(variant, recorded);
        Load(model, isWhole ? OfTorchscale : OfHybridNorm, recorded.GetProperty("parameters"));
        var x = RecordedTensor.Of(recorded.GetProperty("input")).requires_grad_();

        var state = x;
        foreach (var layer in model.Encoder.Layers)
        {
            state = layer.Apply(state, mask: null);
        }

        var output = isWhole ? model.Encoder.FinalNorm!.call(state) : state;
        (output * RecordedTensor.Of(recorded.GetProperty("weight"))).sum().backward();

        Assert.InRange(Difference(RecordedTensor.Of(recorded.GetProperty("output")), output), 0, Tolerance);
        Assert.InRange(Difference(RecordedTensor.Of(recorded.GetProperty("gradient")), x.grad!), 0, Tolerance);
    }

    private static Transformer Model(ResidualVariant variant, JsonElement recorded)
    {
        int Number(string name) => recorded.GetProperty(name).GetInt32();
        var options = SmallModel.Options() with
        {
            Dim = (int)RecordedTensor.Of(recorded.GetProperty("input")).shape[^1],
            Heads = Number("heads"),
            FeedForwardDim = Number("hidden"),
            Encoder = new StackOptions
            {
                Layers = Number("layers"),
                Variant = variant,
                Norm = recorded.TryGetProperty("norm", out _) ? NormKind.RmsNorm : NormKind.LayerNorm,
            },
        };
        var model = SmallModel.Create(options);
        model.to(ScalarType.Float64);
        model.eval();
        return model;
    }

    /// <summary>Loads recorded parameters; none keeps a value that nobody recorded.</summary>
    private static void Load(Transformer model, Func<string[], JsonElement, string[]?> theirs, JsonElement recorded)
    {
        using var noGradient = no_grad();
        foreach (var (name, parameter) in model.Encoder.named_parameters())
        {
            if (theirs(name.Split('.'), recorded) is { } names)
            {
                parameter.copy_(cat([.. names.Select(one => RecordedTensor.Of(recorded.GetProperty(one)))]));
            }
        }
    }

    /// <summary>torchscale's names of a parameter, which is their concatenation.</summary>
    private static string[] OfTorchscale(string[] path, JsonElement recorded)
    {
        var part = path[^1];
        return path switch
        {
            ["norm", _] => [$"layer_norm.{part}"],
            [_, var i, "self_attention", "branch", "input_projection", _] =>
            [
                .. new[] { "q", "k", "v" }.Select(one => $"layers.{i}.self_attn.{one}_proj.{part}"),
            ],
            [_, var i, "self_attention", "branch", "output_projection", _] => [$"layers.{i}.self_attn.out_proj.{part}"],
            [_, var i, "self_attention", "branch", "norm", _] => [$"layers.{i}.self_attn.inner_attn_ln.{part}"],
            [_, var i, "self_attention", "residual", "norm", _] => [$"layers.{i}.self_attn_layer_norm.{part}"],
            [_, var i, "feed_forward", "branch", "inner", _] => [$"layers.{i}.ffn.fc1.{part}"],
            [_, var i, "feed_forward", "branch", "outer", _] => [$"layers.{i}.ffn.fc2.{part}"],
            [_, var i, "feed_forward", "branch", "norm", _] => [$"layers.{i}.ffn.ffn_layernorm.{part}"],
            [_, var i, "feed_forward", "residual", "norm", _] => [$"layers.{i}.final_layer_norm.{part}"],
            _ => throw new InvalidOperationException($"Nobody recorded {string.Join('.', path)}."),
        };
    }

    /// <summary>
    /// HybridNorm's names of a parameter; null for that of the stack's end. What is at the end of an attention sublayer
    /// here begins the feed-forward sublayer there, but in a first layer of Pre-LN.
    /// </summary>
    private static string[]? OfHybridNorm(string[] path, JsonElement recorded)
    {
        var part = path[^1];
        return path switch
        {
            ["norm", _] => null,
            [_, var i, "self_attention", "branch", "input_projection", _] => [$"{i}.att_proj.{part}"],
            [_, var i, "self_attention", "branch", "output_projection", _] => [$"{i}.attn_out.{part}"],
            [_, var i, "self_attention", "branch", "head_norms", var of, _] => [$"{i}.{of[0]}_norm.{part}"],
            [_, var i, "self_attention", "residual", "norm", _]
                when recorded.TryGetProperty($"{i}.attn_norm.{part}", out _) => [$"{i}.attn_norm.{part}"],
            [_, var i, "self_attention", "residual", "norm", _] => [$"{i}.ff_norm.{part}"],
            [_, var i, "feed_forward", "branch", "inner", _] => [$"{i}.ff_proj.{part}"],
            [_, var i, "feed_forward", "branch", "outer", _] => [$"{i}.ff_out.{part}"],
            [_, var i, "feed_forward", "residual", "norm", _] => [$"{i}.ff_norm.{part}"],
            _ => throw new InvalidOperationException($"Nobody recorded {string.Join('.', path)}."),
        };
    }

    private static JsonElement Recorded(string variant) =>
        JsonDocument
            .Parse(File.ReadAllText(RepositoryRoot.PathOf("tests", "Residuals.Tests", "Golden", "remedies.json")))
            .RootElement.GetProperty("encoders")
            .EnumerateArray()
            .Single(one => one.GetProperty("variant").GetString() == variant);

    private static double Difference(Tensor expected, Tensor found) =>
        ((expected - found).abs() / expected.abs().clamp_min(1)).max().item<double>();
}
