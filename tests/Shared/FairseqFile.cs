using TransformerClinic.Interop.Fairseq;
using TransformerClinic.Interop.Safetensors;
using TransformerClinic.Model;
using static TorchSharp.torch;

namespace TransformerClinic.Tests.Shared;

/// <summary>Writes a model's weights under fairseq's names, as a checkpoint of that would hold them.</summary>
internal static class FairseqFile
{
    /// <summary>The tensors of a checkpoint: parameters, the tied embedding a second time, version numbers.</summary>
    /// <param name="model">The model.</param>
    /// <param name="apart">Whether queries, keys and values are three matrices.</param>
    public static List<TensorSource> Tensors(Transformer model, bool apart = false)
    {
        var tensors = new List<TensorSource>
        {
            ModuleWeights.Source("encoder.version", tensor([3f])),
            ModuleWeights.Source("decoder.version", tensor([3f])),
        };
        foreach (var (ours, parameter) in model.named_parameters())
        {
            var name = FairseqNames.OfParameter(ours);
            var separate = apart ? FairseqNames.Separate(name) : [];
            tensors.AddRange(
                separate.Count == 0
                    ? [ModuleWeights.Source(name, parameter)]
                    : separate.Zip(parameter.chunk(3)).Select(part => ModuleWeights.Source(part.First, part.Second))
            );
        }

        if (model.Options.SharedEmbeddings == EmbeddingSharing.All)
        {
            tensors.Add(ModuleWeights.Source(FairseqNames.TargetEmbedding, model.Embeddings.Source));
        }

        return tensors;
    }

    public static void Write(string path, IReadOnlyList<TensorSource> tensors)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        using var stream = File.Create(path);
        SafetensorsWriter.Write(stream, tensors);
    }
}
