using TorchSharp;
using TransformerClinic.Model;
using TransformerClinic.Text;
using static TorchSharp.torch;

namespace TransformerClinic.Tests.Golden;

/// <summary>Loads weights under the names of the reference's state dict into our model.</summary>
internal static class ReferenceWeights
{
    /// <summary>A model of the given shape with the weights of a file below <c>Golden</c>, in float32 or widened to float64.</summary>
    public static Transformer Load(string path, ModelOptions options, ScalarType dtype = ScalarType.Float64)
    {
        using var noGradient = no_grad();
        using var weights = GoldenTensors.Open(path);
        using var embedding = weights["encoder.embed_tokens.weight"];
        var vocabulary = (int)embedding.shape[0];
        var model = new Transformer(options, vocabulary, Vocabulary.Pad, seed: 0);
        var unread = weights.Names.Where(name => !IsConstant(name, options)).ToHashSet();
        foreach (var (name, parameter) in model.named_parameters())
        {
            var reference = NameOf(name);
            using var value = weights[reference];
            parameter.copy_(value);
            unread.Remove(reference);
        }

        Assert.Empty(unread);
        TakePositions(model);
        model.to(dtype);
        return model;
    }

    /// <summary>The reference's own position table, as far as it was recorded: ours differs in the last bit of two frequencies.</summary>
    public static void TakePositions(Transformer model)
    {
        using var positions = GoldenTensors.Open("model/positions.safetensors");
        var recorded = positions["table"];
        var table = model.get_buffer("positions.table")!;
        var rows = Math.Min(recorded.shape[0], table.shape[0]);
        table.narrow(0, 0, rows).copy_(recorded.narrow(0, 0, rows));
    }

    /// <summary>The reference's name of one of our model's parameters.</summary>
    public static string NameOf(string name)
    {
        var parts = name.Split('.');
        return parts switch
        {
            ["embeddings", "shared" or "source"] => "encoder.embed_tokens.weight",
            ["embeddings", "target"] => "decoder.embed_tokens.weight",
            ["embeddings", "output"] => "decoder.embed_out",
            [var stack, "norm", var kind] => $"{stack}.layer_norm.{kind}",
            [var stack, "layers", var layer, var sublayer, .. var rest] => $"{stack}.layers.{layer}.{InLayer(stack, sublayer, rest)}",
            _ => throw new ArgumentException(name, nameof(name)),
        };
    }

    private static string InLayer(string stack, string sublayer, string[] rest)
    {
        var attention = sublayer == "cross_attention" ? "encoder_attn" : "self_attn";
        return rest switch
        {
            ["branch", "input_projection", var kind] => $"{attention}.in_proj_{kind}",
            ["branch", "output_projection", var kind] => $"{attention}.out_proj.{kind}",
            ["branch", "inner", var kind] => $"fc1.{kind}",
            ["branch", "outer", var kind] => $"fc2.{kind}",
            ["residual", "norm", var kind] => sublayer == "feed_forward" ? $"final_layer_norm.{kind}" : $"{attention}_layer_norm.{kind}",
            ["residual", "omega"] => (stack, sublayer) switch
            {
                (_, "feed_forward") => "fc_ratio_change",
                (_, "cross_attention") => "encoder_ratio_change",
                ("encoder", _) => "attention_ratio_change",
                _ => "self_ratio_change",
            },
            _ => throw new ArgumentException(string.Join('.', rest), nameof(rest)),
        };
    }

    /// <summary>Version numbers, and the second name of a tied embedding.</summary>
    private static bool IsConstant(string name, ModelOptions options) =>
        name.EndsWith(".version", StringComparison.Ordinal)
        || (name == "decoder.embed_tokens.weight" && options.SharedEmbeddings == EmbeddingSharing.All);
}
