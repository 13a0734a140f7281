using TransformerClinic.Interop.Fairseq;
using TransformerClinic.Interop.Pickle;
using TransformerClinic.Interop.Safetensors;
using TransformerClinic.Interop.Torch;
using TransformerClinic.Model;
using static TorchSharp.torch;

namespace TransformerClinic.Tests.TestSupport;

/// <summary>A checkpoint of fairseq with any tensors and options.</summary>
internal static class FairseqPickle
{
    /// <summary>The options of a model, to be changed by a test.</summary>
    public static PickleDictionary Options(ModelOptions options) => FairseqNamespace.Of(options, "de", "en");

    /// <summary>A model's weights under fairseq's names.</summary>
    public static List<(string Name, Tensor Value)> Weights(Transformer model) =>
        [.. model.named_parameters().Select(entry => (FairseqNames.OfParameter(entry.name), entry.parameter.detach()))];

    /// <summary>Writes a checkpoint.</summary>
    public static void Write(string path, PickleDictionary options, IReadOnlyList<(string Name, Tensor Value)> weights)
    {
        var state = new PickleCall(TorchTensor.OrderedDictionary, []);
        foreach (var (i, (name, value)) in weights.Index())
        {
            state.Entries.Entries.Add(
                (
                    name,
                    TorchTensor.Describe(TorchStorage.Reference($"{i}", TorchTypes.Float, value.numel()), value.shape)
                )
            );
        }

        var content = new PickleDictionary();
        content.Entries.AddRange([
            ("args", new PickleCall(new PickleName("argparse", "Namespace"), []) { State = options }),
            ("model", state),
        ]);
        using var stream = File.Create(path);
        TorchFileWriter.Write(
            stream,
            content,
            [
                .. weights
                    .Index()
                    .Select(weight => ($"{weight.Index}", ModuleWeights.Source("", weight.Item.Value).Write)),
            ]
        );
    }
}
