using System.Collections.Frozen;
using System.Globalization;
using TransformerClinic.Common;
using TransformerClinic.Files;
using TransformerClinic.Model;
using TransformerClinic.Residuals;

namespace TransformerClinic.Interop.Marian;

/// <summary>
/// The options of a model that Marian trained, from <c>special:model.yml</c>: those that decide its shape, and whether
/// all others leave its function as ours. What is not known is refused by name.
/// </summary>
internal sealed class MarianOptions
{
    // What training or other kinds of models need; a Transformer computes the same whatever they are.
    private static readonly FrozenSet<string> Harmless = FrozenSet.Create([
        "bert-train-type-embeddings",
        "bert-type-vocab-size",
        "dec-cell",
        "dec-cell-base-depth",
        "dec-cell-high-depth",
        "dim-rnn",
        "enc-cell",
        "enc-cell-depth",
        "enc-type",
        "gemm-type",
        "layer-normalization",
        "max-length",
        "output-approx-knn",
        "skip",
        "transformer-aan-activation",
        "transformer-aan-depth",
        "transformer-aan-nogate",
        "transformer-depth-scaling",
        "transformer-dim-aan",
        "transformer-dropout",
        "transformer-dropout-attention",
        "transformer-dropout-ffn",
        "transformer-guided-alignment-layer",
        "transformer-rnn-projection",
        "ulr-dim-emb",
        "ulr-trainable-transformation",
        "version",
        "vocabs",
    ]);

    // Values with which these options leave the function as ours.
    private static readonly FrozenDictionary<string, string[]> Neutral = new Dictionary<string, string[]>
    {
        ["type"] = ["transformer"],
        ["input-types"] = ["", "sequence sequence"],
        ["right-left"] = ["false"],
        ["factors-combine"] = ["sum"],
        ["factors-dim-emb"] = ["0"],
        ["lemma-dependency"] = [""],
        ["lemma-dim-emb"] = ["0"],
        ["transformer-attention-mask"] = ["default"],
        ["transformer-decoder-autoreg"] = ["self-attention"],
        ["transformer-decoder-ffn-depth"] = ["0", "2"],
        ["transformer-disable-position-embeddings"] = ["false"],
        ["transformer-ffn-depth"] = ["2"],
        ["transformer-no-affine"] = ["false"],
        ["transformer-no-bias"] = ["false"],
        ["transformer-no-projection"] = ["false"],
        ["transformer-pool"] = ["false"],
        ["transformer-postprocess-emb"] = ["d", ""],
        ["transformer-tied-layers"] = [""],
        ["transformer-train-position-embeddings"] = ["false"],
        ["transformer-train-positions"] = ["false"],
        ["ulr"] = ["false"],
    }.ToFrozenDictionary();

    private readonly string _path;
    private readonly OrderedDictionary<string, IReadOnlyList<string>> _values;
    private readonly HashSet<string> _read = new(StringComparer.Ordinal);

    private MarianOptions(string path, string yaml, IReadOnlyCollection<string> ignore)
    {
        (_path, _values) = (path, FlatYaml.Read(yaml, $"{path}, {IMarianFile.OptionsName}"));
        CheckNeutral(ignore);
        Embeddings = SharingOf();
        OmitsBias = Flag("output-omit-bias");
        Vocabularies = [.. List("dim-vocabs").Select(value => Whole("dim-vocabs", value))];
        Shape = ShapeOf();
        CheckAllKnown(ignore);
    }

    /// <summary>The name under which a user says that options may be left out.</summary>
    public const string WaiverOption = "Ignore";

    /// <summary>How embeddings are shared.</summary>
    public MarianSharing Embeddings { get; }

    /// <summary>Whether the output projection has no bias.</summary>
    public bool OmitsBias { get; }

    /// <summary>The sizes of the vocabularies, source first.</summary>
    public IReadOnlyList<int> Vocabularies { get; }

    /// <summary>Our model's options.</summary>
    public ModelOptions Shape { get; }

    /// <summary>The options that were left out because they change nothing, and those that a user waived.</summary>
    public IReadOnlyList<string> Ignored { get; private set; } = [];

    /// <summary>The options of a file.</summary>
    /// <param name="file">The file.</param>
    /// <param name="ignore">Options that are to be left out although they are not known.</param>
    /// <exception cref="UserErrorException">They are missing, or ours cannot be such a model.</exception>
    public static MarianOptions Of(IMarianFile file, IReadOnlyCollection<string> ignore) =>
        new(
            file.Path,
            file.Options
                ?? throw new UserErrorException(
                    $"{file.Path}: the file holds no {IMarianFile.OptionsName}, which says what model it is. Older "
                        + "models of Marian are like that; save the model again with a newer Marian."
                ),
            ignore
        );

    private ModelOptions ShapeOf()
    {
        var isPreLn = IsPreLn();
        var variant = isPreLn ? ResidualVariant.PreLn : ResidualVariant.PostLn;
        var ffn = Number("transformer-dim-ffn");
        if (_values.ContainsKey("transformer-decoder-dim-ffn") && Number("transformer-decoder-dim-ffn") is var other)
        {
            if (other != 0 && other != ffn)
            {
                throw Refused("transformer-decoder-dim-ffn", "the decoder's has another width than the encoder's");
            }
        }

        var shape = new ModelOptions
        {
            Encoder = new StackOptions { Layers = Number("enc-depth"), Variant = variant },
            Decoder = new StackOptions { Layers = Number("dec-depth"), Variant = variant },
            Dim = Number("dim-emb"),
            Heads = Number("transformer-heads"),
            FeedForwardDim = ffn,
            Dropout = 0.1,
            Activation = ActivationOf(),
            SharedEmbeddings = Embeddings switch
            {
                MarianSharing.All => EmbeddingSharing.All,
                MarianSharing.TargetAndOutput => EmbeddingSharing.Decoder,
                _ => EmbeddingSharing.None,
            },
            OutputBias = true,
            ZeroStart = true,
            Positions = PositionFormula.Marian,
        };
        try
        {
            return OptionCheck.Valid(shape, "model");
        }
        catch (UserErrorException exception)
        {
            throw new UserErrorException($"{_path}: {exception.Message}", exception);
        }
    }

    private MarianSharing SharingOf()
    {
        var (tied, all, source) = (Flag("tied-embeddings"), Flag("tied-embeddings-all"), Flag("tied-embeddings-src"));
        return all || tied && source ? MarianSharing.All
            : tied ? MarianSharing.TargetAndOutput
            : source ? MarianSharing.SourceAndTarget
            : MarianSharing.None;
    }

    private Activation ActivationOf() =>
        Text("transformer-ffn-activation") switch
        {
            "relu" => Activation.Relu,
            "swish" => Activation.Swish,
            "gelu" => throw Refused(
                "transformer-ffn-activation",
                "Marian's gelu is x * sigmoid(1.702 x), which is not the GELU here; relu and swish can be read"
            ),
            _ => throw Refused("transformer-ffn-activation", "relu and swish can be read"),
        };

    /// <summary>Normalization before each sublayer and at the end of a stack, or after each.</summary>
    private bool IsPreLn()
    {
        // Dropout, d, is only there in training.
        var (before, after, top) = (
            Operations("transformer-preprocess"),
            Operations("transformer-postprocess"),
            Operations("transformer-postprocess-top")
        );
        return (before, after, top) switch
        {
            ("", "an", "") => false,
            ("n", "a", "n") => true,
            _ => throw Refused(
                "transformer-postprocess",
                $"together with transformer-preprocess '{before}' and transformer-postprocess-top '{top}' this puts "
                    + "sublayers together in a way that cannot be read: '', 'dan', '' and 'n', 'da', 'n' can"
            ),
        };
    }

    private string Operations(string key) => Optional(key)?.Replace("d", "", StringComparison.Ordinal) ?? "";

    private void CheckNeutral(IReadOnlyCollection<string> ignore)
    {
        foreach (var (key, allowed) in Neutral.Where(entry => !ignore.Contains(entry.Key)))
        {
            if (_values.TryGetValue(key, out _) && !allowed.Contains(string.Join(' ', List(key))))
            {
                throw Refused(key, $"only {string.Join(" or ", allowed.Select(value => $"'{value}'"))} can be read");
            }
        }
    }

    private void CheckAllKnown(IReadOnlyCollection<string> ignore)
    {
        string[] left = [.. _values.Keys.Where(key => !_read.Contains(key))];
        if (left.FirstOrDefault(key => !Harmless.Contains(key) && !ignore.Contains(key)) is { } unknown)
        {
            throw new UserErrorException(
                $"{_path}: the model has the option {unknown} ({string.Join(' ', _values[unknown])}), which is not "
                    + "known here: it may change what the model computes. If you know that it does not, say that it "
                    + "is to be left out."
            )
            {
                Options = [WaiverOption],
            };
        }

        Ignored = left;
    }

    private int Number(string key) => Whole(key, Text(key));

    private int Whole(string key, string text) =>
        int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var value)
            ? value
            : throw Refused(key, "it is not a whole number");

    private bool Flag(string key) =>
        Optional(key) switch
        {
            null or "false" => false,
            "true" => true,
            _ => throw Refused(key, "it is neither true nor false"),
        };

    private string Text(string key) =>
        Optional(key) ?? throw new UserErrorException($"{_path}: its options do not say {key}.");

    private string? Optional(string key) => List(key) is [var value, ..] ? value : null;

    private IReadOnlyList<string> List(string key)
    {
        _read.Add(key);
        return _values.TryGetValue(key, out var values) ? values : [];
    }

    private UserErrorException Refused(string key, string why) =>
        new($"{_path}: the model's option {key} is '{string.Join(' ', List(key))}': {why}.");
}

/// <summary>Which of Marian's embedding matrices are the same.</summary>
internal enum MarianSharing
{
    /// <summary>All.</summary>
    All,

    /// <summary>The target's and the output projection.</summary>
    TargetAndOutput,

    /// <summary>The source's and the target's.</summary>
    SourceAndTarget,

    /// <summary>None.</summary>
    None,
}
