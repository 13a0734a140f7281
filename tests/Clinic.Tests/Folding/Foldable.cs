using TorchSharp;
using TransformerClinic.Model;
using TransformerClinic.Residuals;
using TransformerClinic.Tests.TestSupport;
using TransformerClinic.Text;
using static TorchSharp.torch;
using Transformer = TransformerClinic.Model.Transformer;

namespace TransformerClinic.Tests.Folding;

/// <summary>
/// Small models that can be folded, in float64, as training might leave them: no parameter is as it was initialised.
/// </summary>
internal static class Foldable
{
    /// <summary>Every variant of the Post-LN family, and what changes where the first scale goes.</summary>
    public static readonly IReadOnlyList<string> Names =
    [
        "admin",
        "admin-trainable-first",
        "admin-untied",
        "admin-input-scale",
        "admin-formula",
        "analytic",
        "analytic-trainable",
        "analytic-trainable-vector",
        "deep-norm",
        "rezero-post-ln",
        "look-linear",
        "admin/post-ln",
        "post-ln/rezero-post-ln",
        "deep-norm/admin-trainable-first",
    ];

    public static ModelOptions Options(string name)
    {
        var stacks = name.Split('/');
        return SmallModel.Options() with
        {
            Encoder = Stack(stacks[0]),
            Decoder = Stack(stacks[^1]),
            SharedEmbeddings = name == "admin-untied" ? EmbeddingSharing.None : EmbeddingSharing.All,
        };
    }

    public static Transformer Create(string name, long seed = 1) => Create(Options(name), seed);

    public static Transformer Create(ModelOptions options, long seed = 1, int vocabulary = SmallModel.Words)
    {
        using var scope = NewDisposeScope();
        using var noGradient = no_grad();
        using var random = new Generator((ulong)seed, CPU);
        var model = new Transformer(options, vocabulary, Vocabulary.Pad, seed);
        model.to(ScalarType.Float64);
        foreach (var (name, parameter) in model.named_parameters())
        {
            if (name.EndsWith("omega", StringComparison.Ordinal) || name.EndsWith("alpha", StringComparison.Ordinal))
            {
                parameter.copy_(Scales(parameter.numel(), random));
            }
            else
            {
                parameter.add_(
                    randn(parameter.shape, ScalarType.Float64, generator: random).mul_(tensor(0.2)),
                    HeldScalars.One
                );
            }
        }

        return model;
    }

    /// <summary>Logits of a fixed batch with padding on both sides, with dropout if a key is given.</summary>
    public static Tensor Logits(Transformer model, ulong? dropout = null)
    {
        using var scope = NewDisposeScope();
        using var noGradient = no_grad();
        var source = cat([SmallModel.Padding(3, 1), SmallModel.Tokens(3, 5, 1), SmallModel.Padding(3, 2)], 1);
        if (dropout is { } key)
        {
            model.Dropout.Begin(key);
        }

        var logits = model.Forward(source, SmallModel.Tokens(3, 6, 2));
        model.Dropout.End();
        return logits.MoveToOuterDisposeScope();
    }

    /// <summary>The largest difference over the largest value expected.</summary>
    public static double Difference(Tensor expected, Tensor actual)
    {
        using var scope = NewDisposeScope();
        return ((actual - expected).abs().max() / expected.abs().max()).item<double>();
    }

    /// <summary>Sets every channel of the shortcut's scale of one connection.</summary>
    public static void SetOmega(ResidualConnection connection, double omega)
    {
        using var noGradient = no_grad();
        using Scalar value = omega;
        ((AdminResidual)connection).Omega.fill_(value);
    }

    /// <summary>From 0.2 to 5, every other one negative.</summary>
    private static Tensor Scales(long count, Generator random)
    {
        var signs = tensor(Enumerable.Range(0, (int)count).Select(i => i % 2 == 0 ? 1.0 : -1.0).ToArray());
        return (rand(count, ScalarType.Float64, generator: random) * tensor(4.8) + tensor(0.2)) * signs;
    }

    private static StackOptions Stack(string name)
    {
        var stack = new StackOptions { Layers = 2 };
        return name switch
        {
            "admin" or "admin-untied" => stack with { Variant = ResidualVariant.Admin },
            "admin-trainable-first" => stack with
            {
                Variant = ResidualVariant.Admin,
                FirstOmega = FirstOmega.Trainable,
            },
            "admin-input-scale" => stack with
            {
                Variant = ResidualVariant.Admin,
                FirstOmega = FirstOmega.Trainable,
                InputScale = true,
            },
            "admin-formula" => stack with { Variant = ResidualVariant.AdminFormula },
            "analytic" => stack with { Variant = ResidualVariant.AdminAnalytic },
            "analytic-trainable" => stack with
            {
                Variant = ResidualVariant.AdminAnalytic,
                Analytic = new AnalyticOptions { Trainable = true },
            },
            "analytic-trainable-vector" => stack with
            {
                Variant = ResidualVariant.AdminAnalytic,
                Analytic = new AnalyticOptions { Trainable = true, Shape = OmegaShape.Vector },
            },
            "deep-norm" => stack with { Variant = ResidualVariant.DeepNorm },
            "rezero-post-ln" => stack with { Variant = ResidualVariant.RezeroPostLn },
            "look-linear" => stack with { Variant = ResidualVariant.LookLinear },
            "post-ln" => stack with { Variant = ResidualVariant.PostLn },
            _ => throw new ArgumentException(name, nameof(name)),
        };
    }
}
