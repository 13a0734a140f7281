using System.Text.Json;
using TorchSharp;
using TransformerClinic.Model;
using TransformerClinic.Residuals;
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

    [Fact]
    public void A_Sub_LN_encoder_computes_what_the_authors_encoder_does()
    {
        using var scope = NewDisposeScope();
        var recorded = Recorded("sub-ln");
        using var model = Model(recorded);
        Load(model, recorded.GetProperty("parameters"));
        var x = RecordedTensor.Of(recorded.GetProperty("input")).requires_grad_();

        var state = x;
        foreach (var layer in model.Encoder.Layers)
        {
            state = layer.Apply(state, mask: null);
        }

        var output = model.Encoder.FinalNorm!.call(state);
        (output * RecordedTensor.Of(recorded.GetProperty("weight"))).sum().backward();

        Assert.InRange(Difference(RecordedTensor.Of(recorded.GetProperty("output")), output), 0, Tolerance);
        Assert.InRange(Difference(RecordedTensor.Of(recorded.GetProperty("gradient")), x.grad!), 0, Tolerance);
    }

    private static Transformer Model(JsonElement recorded)
    {
        int Number(string name) => recorded.GetProperty(name).GetInt32();
        var options = SmallModel.Options() with
        {
            Dim = (int)RecordedTensor.Of(recorded.GetProperty("input")).shape[^1],
            Heads = Number("heads"),
            FeedForwardDim = Number("hidden"),
            Encoder = new StackOptions { Layers = Number("layers"), Variant = ResidualVariant.SubLn },
        };
        var model = SmallModel.Create(options);
        model.to(ScalarType.Float64);
        model.eval();
        return model;
    }

    /// <summary>torchscale's parameters by their names here; none keeps a value that nobody recorded.</summary>
    private static void Load(Transformer model, JsonElement theirs)
    {
        using var noGradient = no_grad();
        Tensor Theirs(string name) => RecordedTensor.Of(theirs.GetProperty(name));
        var parameters = model
            .Encoder.named_parameters()
            .ToDictionary(entry => entry.name, entry => entry.parameter, StringComparer.Ordinal);
        foreach (var (name, parameter) in parameters)
        {
            var path = name.Split('.');
            var part = path[^1];
            var value = path switch
            {
                ["norm", _] => Theirs($"layer_norm.{part}"),
                [_, var i, "self_attention", "branch", "input_projection", _] => cat([
                    .. new[] { "q", "k", "v" }.Select(one => Theirs($"layers.{i}.self_attn.{one}_proj.{part}")),
                ]),
                [_, var i, "self_attention", "branch", "output_projection", _] => Theirs(
                    $"layers.{i}.self_attn.out_proj.{part}"
                ),
                [_, var i, "self_attention", "branch", "norm", _] => Theirs(
                    $"layers.{i}.self_attn.inner_attn_ln.{part}"
                ),
                [_, var i, "self_attention", "residual", "norm", _] => Theirs(
                    $"layers.{i}.self_attn_layer_norm.{part}"
                ),
                [_, var i, "feed_forward", "branch", "inner", _] => Theirs($"layers.{i}.ffn.fc1.{part}"),
                [_, var i, "feed_forward", "branch", "outer", _] => Theirs($"layers.{i}.ffn.fc2.{part}"),
                [_, var i, "feed_forward", "branch", "norm", _] => Theirs($"layers.{i}.ffn.ffn_layernorm.{part}"),
                [_, var i, "feed_forward", "residual", "norm", _] => Theirs($"layers.{i}.final_layer_norm.{part}"),
                _ => throw new InvalidOperationException($"Nobody recorded {name}."),
            };
            parameter.copy_(value);
        }
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
