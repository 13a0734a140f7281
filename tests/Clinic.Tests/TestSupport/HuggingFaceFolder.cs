using System.Text.Json;
using TransformerClinic.Interop.Fairseq;
using TransformerClinic.Interop.Pickle;
using TransformerClinic.Interop.Safetensors;
using TransformerClinic.Interop.Torch;
using TransformerClinic.Model;
using static TorchSharp.torch;

namespace TransformerClinic.Tests.TestSupport;

/// <summary>A folder of Hugging Face with a model of the class marian.</summary>
internal static class HuggingFaceFolder
{
    private static readonly string Pieces = Path.Combine(GoldenFolder.Path, "sentencepiece", "unigram.model");

    /// <summary>Writes a model.</summary>
    public static void Write(string path, MarianFiles files, string[] rows, bool stored, bool pickled)
    {
        var folder = Directory.CreateDirectory(path).FullName;
        var shape = files.Model.Options;
        File.WriteAllText(
            Path.Combine(folder, "config.json"),
            JsonSerializer.Serialize(
                new
                {
                    model_type = "marian",
                    d_model = shape.Dim,
                    encoder_layers = 2,
                    decoder_layers = 2,
                    encoder_attention_heads = shape.Heads,
                    decoder_attention_heads = shape.Heads,
                    encoder_ffn_dim = shape.FeedForwardDim,
                    decoder_ffn_dim = shape.FeedForwardDim,
                    activation_function = "swish",
                    vocab_size = rows.Length,
                    decoder_start_token_id = rows.Length - 1,
                    eos_token_id = Array.IndexOf(rows, "</s>"),
                    scale_embedding = true,
                    static_position_embeddings = true,
                    normalize_before = false,
                    dropout = 0.1,
                    max_position_embeddings = 64,
                }
            )
        );
        File.WriteAllText(
            Path.Combine(folder, "vocab.json"),
            JsonSerializer.Serialize(rows.Index().ToDictionary(row => row.Item, row => row.Index))
        );
        File.WriteAllText(
            Path.Combine(folder, "tokenizer_config.json"),
            """{"source_lang": "de", "target_lang": "en", "separate_vocabs": false}"""
        );
        File.Copy(Pieces, Path.Combine(folder, "source.spm"));
        File.Copy(Pieces, Path.Combine(folder, "target.spm"));
        using var stream = File.Create(Path.Combine(folder, pickled ? "pytorch_model.bin" : "model.safetensors"));
        TensorSource[] tensors = [.. Tensors(files, stored)];
        if (!pickled)
        {
            SafetensorsWriter.Write(stream, tensors);
            return;
        }

        var state = new PickleCall(TorchTensor.OrderedDictionary, []);
        foreach (var (i, tensor) in tensors.Index())
        {
            var count = tensor.Shape.Aggregate(1L, (product, size) => product * size);
            var storage = TorchStorage.Reference($"{i}", TorchTypes.Float, count);
            state.Entries.Entries.Add((tensor.Name, TorchTensor.Describe(storage, tensor.Shape)));
        }

        TorchFileWriter.Write(
            stream,
            state,
            [.. tensors.Index().Select(tensor => ($"{tensor.Index}", tensor.Item.Write))]
        );
    }

    private static IEnumerable<TensorSource> Tensors(MarianFiles files, bool stored)
    {
        foreach (var (name, parameter) in files.Model.named_parameters())
        {
            switch (name)
            {
                case "embeddings.shared":
                    yield return Source("model.shared.weight", parameter);
                    break;
                case "embeddings.output_bias":
                    yield return Source("final_logits_bias", parameter.unsqueeze(0));
                    break;
                default:
                    var theirs = "model." + FairseqNames.OfParameter(name);
                    var parts = theirs.Contains(".in_proj_", StringComparison.Ordinal)
                        ? "qkv".Zip(parameter.chunk(3)).Select(part => (Name: $"{part.First}", Value: part.Second))
                        : [(Name: "", Value: (Tensor)parameter)];
                    foreach (var (part, value) in parts)
                    {
                        yield return Source(theirs.Replace(".in_proj_", $".{part}_proj."), value);
                    }

                    break;
            }
        }

        foreach (var stack in stored ? (string[])["encoder", "decoder"] : [])
        {
            var table = files.Model.Positions.Table.narrow(0, SinusoidalPositions.FirstRow, 64);
            yield return ModuleWeights.Source($"model.{stack}.embed_positions.weight", table);
        }

        TensorSource Source(string name, Tensor values)
        {
            var rows = files.InRows(name, values).contiguous();
            return ModuleWeights.Source(name, name == "final_logits_bias" ? rows.nan_to_num(0, 0, 0) : rows);
        }
    }
}
