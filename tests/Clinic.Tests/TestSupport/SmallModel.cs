using TransformerClinic.Model;
using TransformerClinic.Residuals;
using TransformerClinic.Text;
using static TorchSharp.torch;

namespace TransformerClinic.Tests.TestSupport;

/// <summary>A model small enough for a test.</summary>
internal static class SmallModel
{
    public const int Words = 20;

    public static ModelOptions Options(ResidualVariant variant = ResidualVariant.Admin) =>
        new()
        {
            Encoder = new StackOptions { Layers = 2, Variant = variant },
            Decoder = new StackOptions { Layers = 2, Variant = variant },
            Dim = 16,
            Heads = 2,
            FeedForwardDim = 24,
            Dropout = 0.1,
            AttentionDropout = 0.1,
            ActivationDropout = 0.1,
            MaxPositions = 32,
        };

    public static Transformer Create(ResidualVariant variant = ResidualVariant.Admin, long seed = 1) =>
        Create(Options(variant), seed);

    /// <summary>A model all of whose branches take part: ReZero's start at 0.5, not at 0.</summary>
    public static Transformer Create(ModelOptions options, long seed = 1)
    {
        var model = new Transformer(options, Words, Vocabulary.Pad, seed);
        using var noGradient = no_grad();
        foreach (
            var (_, alpha) in model
                .named_parameters()
                .Where(entry => entry.name.EndsWith("alpha", StringComparison.Ordinal))
        )
        {
            alpha.fill_(0.5);
        }

        return model;
    }

    /// <summary>Token ids <c>[rows, length]</c> without special ones.</summary>
    public static Tensor Tokens(int rows, int length, ulong seed)
    {
        using var random = new Generator(seed, CPU);
        return randint(4, Words, [rows, length], dtype: ScalarType.Int64, generator: random);
    }

    /// <summary><paramref name="count"/> columns of padding.</summary>
    public static Tensor Padding(int rows, int count) => full([rows, count], Vocabulary.Pad, dtype: ScalarType.Int64);
}
