using TransformerClinic.Common;
using TransformerClinic.Model;
using TransformerClinic.Residuals;

namespace TransformerClinic.Interop.Fairseq;

/// <summary>The shape of a checkpoint's model, from the options that it was trained with.</summary>
/// <param name="Model">Our options for it.</param>
/// <param name="SourceLanguage">The language that it reads; null if the checkpoint does not say.</param>
/// <param name="TargetLanguage">The language that it writes; null if the checkpoint does not say.</param>
/// <param name="Architecture">fairseq's name of the architecture.</param>
/// <param name="InitType">Transformer-Clinic's <c>init_type</c>; <c>default</c> for plain fairseq.</param>
/// <param name="Ignored">The options that were left out because they do not change what the model computes.</param>
/// <param name="Waived">The unknown options that were left out because the user said so.</param>
internal sealed record FairseqOptions(
    ModelOptions Model,
    string? SourceLanguage,
    string? TargetLanguage,
    string Architecture,
    string InitType,
    IReadOnlyList<string> Ignored,
    IReadOnlyList<string> Waived
)
{
    /// <summary>The option that leaves out options of the checkpoint, as messages name it.</summary>
    public const string WaiverOption = "Ignore";

    private const string ArchitectureKey = "arch";
    private const string DefaultArchitecture = "transformer";
    private const int DefaultPositions = 1024;

    /// <summary>Reads a checkpoint's options.</summary>
    /// <param name="path">The checkpoint, for messages.</param>
    /// <param name="arguments">Its options.</param>
    /// <param name="waived">Names of options to leave out although they are not known.</param>
    /// <exception cref="UserErrorException">
    /// An option that may change what the model computes is not known, or has a value that our models cannot have.
    /// </exception>
    public static FairseqOptions Read(string path, FairseqArguments arguments, IReadOnlyCollection<string> waived)
    {
        Refuse(path, arguments, waived);
        var name = arguments.Text(ArchitectureKey) ?? DefaultArchitecture;
        var architecture =
            FairseqArchitecture.Of(name)
            ?? (
                waived.Contains(ArchitectureKey) ? FairseqArchitecture.Standard : throw UnknownArchitecture(path, name)
            );
        var initType = arguments.Text("init_type") ?? FairseqVariants.Default;
        var reader = new Shape(path, arguments, architecture, initType);
        return new FairseqOptions(
            reader.Options(),
            arguments.Text("source_lang"),
            arguments.Text("target_lang"),
            name,
            initType,
            [.. arguments.Names.Where(HarmlessFairseqOptions.Has).Order(StringComparer.Ordinal)],
            [.. arguments.Names.Intersect(waived).Order(StringComparer.Ordinal)]
        );
    }

    private static void Refuse(string path, FairseqArguments arguments, IReadOnlyCollection<string> waived)
    {
        var unknown = arguments
            .Names.Where(name =>
                arguments[name] is not null
                && !waived.Contains(name)
                && !ReadFairseqOptions.Has(name)
                && !HarmlessFairseqOptions.Has(name)
            )
            .Order(StringComparer.Ordinal)
            .Select(name => $"'{name}' ({FairseqArguments.InWords(arguments[name])})")
            .ToList();
        if (unknown.Count > 0)
        {
            throw new UserErrorException(
                $"{path}: the checkpoint was trained with {(unknown.Count == 1 ? "an option" : "options")} that "
                    + $"{(unknown.Count == 1 ? "is" : "are")} not known here and may change what the model computes: "
                    + $"{string.Join(", ", unknown)}. If you know that it does not, name it as an option to ignore."
            )
            {
                Options = [WaiverOption],
            };
        }

        foreach (var (name, neutral) in ReadFairseqOptions.Neutral)
        {
            if (arguments[name] is { } value && !neutral.Contains(value) && !waived.Contains(name))
            {
                throw new UserErrorException(
                    $"{path}: the checkpoint was trained with '{name}' = {FairseqArguments.InWords(value)}, which "
                        + "changes what the model computes and which our models do not have."
                );
            }
        }
    }

    private static UserErrorException UnknownArchitecture(string path, string name) =>
        new(
            $"{path}: the checkpoint's architecture '{name}' is not one of those that are read "
                + $"({string.Join(", ", FairseqArchitecture.Names)}). If it is only a name for sizes of fairseq's "
                + $"transformer, name '{ArchitectureKey}' as an option to ignore."
        )
        {
            Options = [WaiverOption],
        };

    /// <summary>Reads the options of the shape.</summary>
    private sealed class Shape(
        string path,
        FairseqArguments arguments,
        FairseqArchitecture architecture,
        string initType
    )
    {
        private static readonly string Encoder = StackName.Encoder.Word();
        private static readonly string Decoder = StackName.Decoder.Word();
        private static readonly string[] DecoderEnds = ["decoder_input_dim", "decoder_output_dim"];

        public ModelOptions Options() =>
            new()
            {
                Encoder = Stack(Encoder),
                Decoder = Stack(Decoder),
                Dim = Same("embed_dim", architecture.Dim),
                Heads = Same("attention_heads", architecture.Heads),
                FeedForwardDim = Same("ffn_embed_dim", architecture.FeedForwardDim),
                Dropout = arguments.Number("dropout", architecture.Dropout),
                AttentionDropout = arguments.Number("attention_dropout", architecture.AttentionDropout),
                ActivationDropout = arguments.Number("activation_dropout", architecture.ActivationDropout)
                    is var dropout
                        and not 0
                    ? dropout
                    : arguments.Number("relu_dropout", 0),
                Activation = Nonlinearity(),
                SharedEmbeddings =
                    arguments.Flag("share_all_embeddings") ? EmbeddingSharing.All
                    : arguments.Flag("share_decoder_input_output_embed") ? EmbeddingSharing.Decoder
                    : EmbeddingSharing.None,
                MaxPositions = Math.Max(
                    arguments.Integer("max_source_positions", DefaultPositions),
                    arguments.Integer("max_target_positions", DefaultPositions)
                ),
            };

        private StackOptions Stack(string stack)
        {
            var normalizeBefore = $"{stack}_normalize_before";
            var before = arguments.Flag(normalizeBefore, architecture.NormalizeBefore);
            if (FairseqVariants.Of(initType, normalizesBefore: false) is null)
            {
                throw new UserErrorException(
                    $"{path}: the checkpoint's init_type '{initType}' is not known. Known are "
                        + $"{string.Join(", ", FairseqVariants.Names)}."
                );
            }

            var variant =
                FairseqVariants.Of(initType, before)
                ?? throw new UserErrorException(
                    $"{path}: the checkpoint was trained with init_type '{initType}' and {normalizeBefore}, which our "
                        + "models do not have together."
                );
            return new StackOptions
            {
                Layers = arguments.Integer($"{stack}_layers", architecture.Layers),
                Variant = variant,
                // The authors' code trains every omega.
                FirstOmega = new ResidualOptions { Variant = variant }.ReadsFirstOmega
                    ? FirstOmega.Trainable
                    : FirstOmega.Frozen,
            };
        }

        /// <summary>
        /// A size of both stacks, which must be the same; the decoder's is the encoder's if not given.
        /// </summary>
        private int Same(string name, int otherwise)
        {
            var encoder = arguments.Integer($"{Encoder}_{name}", otherwise);
            var decoder = arguments.Integer($"{Decoder}_{name}", encoder);
            foreach (var (key, value) in new[] { ($"{Decoder}_{name}", decoder) }.Concat(Ends(name)))
            {
                if (value != encoder)
                {
                    throw new UserErrorException(
                        $"{path}: the checkpoint's {Encoder}_{name} is {encoder} and its {key} {value}; our models "
                            + "have one for both."
                    );
                }
            }

            return encoder;
        }

        /// <summary>The widths at the decoder's ends, which fairseq's decoder may project to and from.</summary>
        private IEnumerable<(string Key, int Value)> Ends(string name) =>
            name != "embed_dim"
                ? []
                : DecoderEnds
                    .Where(key => arguments[key] is long or double)
                    .Select(key => (key, arguments.Integer(key, 0)));

        private Activation Nonlinearity() =>
            arguments.Text("activation_fn") switch
            {
                null or "relu" => Activation.Relu,
                "gelu" => Activation.Gelu,
                var other => throw new UserErrorException(
                    $"{path}: the checkpoint's activation_fn is '{other}'; our models have relu and gelu."
                ),
            };
    }
}
