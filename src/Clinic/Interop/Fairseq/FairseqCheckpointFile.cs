using TransformerClinic.Common;
using TransformerClinic.Interop.Pickle;
using TransformerClinic.Interop.Safetensors;
using TransformerClinic.Interop.Torch;
using TransformerClinic.Model;
using static TorchSharp.torch;

namespace TransformerClinic.Interop.Fairseq;

/// <summary>
/// A plain Post-LN or Pre-LN model as a checkpoint that fairseq loads: a file of PyTorch's with the weights under
/// fairseq's names (those of 0.9, which later versions bring to their own) and the options as a Namespace.
/// </summary>
internal static class FairseqCheckpointFile
{
    private const float Version = 3;
    private const string Constant = "_float_tensor";

    /// <summary>Writes a checkpoint.</summary>
    /// <param name="stream">Where to.</param>
    /// <param name="model">The model.</param>
    /// <param name="sourceLanguage">The language that it reads.</param>
    /// <param name="targetLanguage">The language that it writes.</param>
    /// <exception cref="UserErrorException">fairseq has no such model; the message says what is in the way.</exception>
    public static void Write(Stream stream, Transformer model, string sourceLanguage, string targetLanguage)
    {
        ArgumentNullException.ThrowIfNull(model);
        if (Obstacle(model.Options) is { } obstacle)
        {
            throw new UserErrorException($"fairseq cannot hold this model: {obstacle}");
        }

        var tensors = new NamedTensors();
        var content = new PickleDictionary();
        content.Entries.AddRange([
            ("args", Namespace(FairseqNamespace.Of(model.Options, sourceLanguage, targetLanguage))),
            ("model", tensors.Of(model)),
            (
                "optimizer_history",
                new List<object?>
                {
                    Dictionary(
                        ("criterion_name", "CrossEntropyCriterion"),
                        ("optimizer_name", "FairseqAdam"),
                        ("lr_scheduler_state", Dictionary()),
                        ("num_updates", 0)
                    ),
                }
            ),
            ("extra_state", Dictionary(("train_iterator", Dictionary(("epoch", 1), ("iterations_in_epoch", 0))))),
            ("last_optimizer_state", null),
        ]);
        TorchFileWriter.Write(stream, content, tensors.Storages);
    }

    /// <summary>
    /// The dictionary of the model's joint vocabulary: a line <c>piece count</c> for each piece from id 4 on.
    /// </summary>
    /// <param name="pieces">
    /// The pieces as other programs' files spell them: U+2581 for a space. fairseq splits lines at spaces.
    /// </param>
    /// <exception cref="ArgumentException">A piece holds a space or an end of line.</exception>
    public static string Dictionary(IEnumerable<string> pieces) =>
        string.Concat(
            pieces.Select(piece =>
                piece.AsSpan().IndexOfAny(' ', '\n', '\r') < 0
                    ? $"{piece} 1\n"
                    : throw new ArgumentException($"The piece '{piece}' cannot be in a dictionary.", nameof(pieces))
            )
        );

    /// <summary>What keeps fairseq from holding a model, in a sentence; null if nothing does.</summary>
    public static string? Obstacle(ModelOptions options)
    {
        foreach (
            var (name, stack) in new[]
            {
                (StackName.Encoder.Word(), options.Encoder),
                (StackName.Decoder.Word(), options.Decoder),
            }
        )
        {
            if (stack.Design is not null || FairseqVariants.NormalizesBefore(stack.Variant) is null)
            {
                return $"its {name} is {stack.Design?.ToString() ?? stack.Variant.Name()}, and fairseq has Post-LN and "
                    + "Pre-LN only. Fold the model first.";
            }

            if (stack.InputScale)
            {
                return $"its {name} has a trained scale of its input, which fairseq has no place for. Targets that "
                    + "have one are onnx and ctranslate2; a first omega that stays 1 (first_omega: frozen) needs none.";
            }
        }

        return options switch
        {
            { OutputBias: true } => "its output projection has a bias, and fairseq's has none.",
            { ZeroStart: true } => "its decoder starts from no embedding, and fairseq's from that of the end mark.",
            { Positions: not PositionFormula.Fairseq } =>
                $"its positions are embedded as {options.Positions} does it, not as fairseq does.",
            { Activation: not (Activation.Relu or Activation.Gelu) } =>
                $"its activation is {options.Activation}, and fairseq's are relu and gelu.",
            _ => null,
        };
    }

    private static PickleCall Namespace(PickleDictionary fields) =>
        new(new PickleName("argparse", "Namespace"), []) { State = fields };

    private static PickleDictionary Dictionary(params (string Key, object? Value)[] entries)
    {
        var dictionary = new PickleDictionary();
        dictionary.Entries.AddRange(entries.Select(entry => ((object?)entry.Key, entry.Value)));
        return dictionary;
    }

    /// <summary>The tensors of a checkpoint; a matrix with several names is stored once.</summary>
    private sealed class NamedTensors
    {
        private readonly List<(string Key, Action<Stream> Write)> _storages = [];
        private readonly PickleCall _state = new(TorchTensor.OrderedDictionary, []);

        public IReadOnlyList<(string Key, Action<Stream> Write)> Storages => _storages;

        public PickleCall Of(Transformer model)
        {
            foreach (var stack in Enum.GetValues<StackName>())
            {
                Add($"{FairseqNames.OfStack(stack)}.version", () => tensor(new[] { Version }), [1]);
                Add($"{FairseqNames.OfStack(stack)}.embed_positions.{Constant}", () => zeros(1), [1]);
            }

            foreach (var (ours, parameter) in model.named_parameters())
            {
                Add(FairseqNames.OfParameter(ours), () => parameter.alias(), parameter.shape);
            }

            if (model.Options.SharedEmbeddings == EmbeddingSharing.All)
            {
                _state.Entries.Entries.Add(
                    (FairseqNames.TargetEmbedding, _state.Entries[FairseqNames.SourceEmbedding])
                );
            }

            return _state;
        }

        private void Add(string name, Func<Tensor> tensor, IReadOnlyList<long> shape)
        {
            var key = FormattableString.Invariant($"{_storages.Count}");
            var elements = shape.Aggregate(1L, (product, size) => product * size);
            _storages.Add(
                (
                    key,
                    stream =>
                    {
                        using var scope = NewDisposeScope();
                        ModuleWeights.Source(name, tensor()).Write(stream);
                    }
                )
            );
            _state.Entries.Entries.Add(
                (name, TorchTensor.Describe(TorchStorage.Reference(key, TorchTypes.Float, elements), shape))
            );
        }
    }
}
