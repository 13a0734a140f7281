using System.Text;
using TransformerClinic.Interop.Fairseq;
using TransformerClinic.Interop.Pickle;
using TransformerClinic.Interop.Torch;
using TransformerClinic.Model;

namespace TransformerClinic.Fuzz;

/// <summary>Pickles of checkpoints: all of them whole, their tensors in one storage.</summary>
internal static class PickleSeeds
{
    /// <summary>Numbers in the storage.</summary>
    public const int Elements = 128;

    /// <summary>The pickles.</summary>
    public static IReadOnlyList<byte[]> All { get; } =
    [
        Written(Content(Arguments(), "decoder.embed_tokens.weight")),
        Written(Content(Arguments(), "encoder.layers.0.self_attn.q_proj.weight")),
        Written(Content(Arguments(), "decoder.layers.0.layer_norms.1.bias")),
        Written(Configured()),
        // Protocol 4: a name from two texts, and the memo without numbers.
        Encoding.Latin1.GetBytes("\u0080\u0004\u008c\u0004name\u0094\u008c\u0001x\u0094\u0093}h\0K\u0001s0."),
    ];

    private static PickleDictionary Arguments() =>
        FairseqNamespace.Of(
            new ModelOptions
            {
                Encoder = new StackOptions { Layers = 1 },
                Decoder = new StackOptions { Layers = 1 },
                Dim = 2,
                Heads = 1,
                FeedForwardDim = 2,
                MaxPositions = 8,
            },
            "de",
            "en"
        );

    private static PickleDictionary Content(PickleDictionary arguments, string name)
    {
        var state = new PickleCall(TorchTensor.OrderedDictionary, []);
        state.Entries.Entries.AddRange([
            ("encoder.embed_tokens.weight", Tensor([50, 2])),
            (name, Tensor([50, 2])),
            ("encoder.version", Tensor([1])),
            ("decoder.embed_out", Tensor([3, 4])),
        ]);
        return Dictionary(
            ("args", new PickleCall(new PickleName("argparse", "Namespace"), []) { State = arguments }),
            ("model", state),
            ("extra_state", Dictionary(("epoch", 3L), ("best", 1.5), ("big", 5_000_000_000L)))
        );
    }

    private static PickleDictionary Configured() =>
        Dictionary(
            (
                "cfg",
                new PickleCall(new PickleName("omegaconf.dictconfig", "DictConfig"), [])
                {
                    State = Dictionary(
                        (
                            "_content",
                            Dictionary(
                                ("model", Dictionary(("encoder", Dictionary(("layers", 1L))), ("dropout", 0.1))),
                                ("task", Dictionary(("_name", "translation")))
                            )
                        )
                    ),
                }
            ),
            ("model", Dictionary(("module.encoder.embed_tokens.weight", Tensor([50, 2]))))
        );

    private static PickleCall Tensor(long[] shape) =>
        TorchTensor.Describe(TorchStorage.Reference("0", TorchTypes.Float, Elements), shape);

    private static PickleDictionary Dictionary(params (string Key, object? Value)[] entries)
    {
        var dictionary = new PickleDictionary();
        dictionary.Entries.AddRange(entries.Select(entry => ((object?)entry.Key, entry.Value)));
        return dictionary;
    }

    private static byte[] Written(object? value)
    {
        using var pickle = new MemoryStream();
        PickleWriter.Write(pickle, value);
        return pickle.ToArray();
    }
}
