using TransformerClinic.Data;
using TransformerClinic.Model;
using TransformerClinic.Residuals;
using TransformerClinic.Tests.TestSupport;
using static TorchSharp.torch;
using Transformer = TransformerClinic.Model.Transformer;

namespace TransformerClinic.Tests.Model;

/// <summary>A model as other programs have them, with words that its output bias rules out.</summary>
internal static class OtherProgramsModel
{
    /// <summary>What it rules out; <see cref="Examples"/> do not have it.</summary>
    public static readonly long[] RuledOut = [0, 3, 19];

    public static readonly ModelOptions All = SmallModel.Options(ResidualVariant.PostLn) with
    {
        Activation = Activation.Swish,
        OutputBias = true,
        ZeroStart = true,
        Positions = PositionFormula.Marian,
    };

    /// <summary>All four options; words ruled out; normalizations and biases are not what they are drawn as.</summary>
    public static Transformer Create(long seed = 1, ModelOptions? options = null)
    {
        var model = SmallModel.Create(options ?? All, seed);
        using var noGradient = no_grad();
        using var scope = NewDisposeScope();
        using var generator = new Generator((ulong)seed);
        foreach (var (_, parameter) in model.named_parameters().Where(entry => entry.parameter.dim() == 1))
        {
            parameter.add_(randn(parameter.shape, generator: generator) * tensor(0.2f), HeldScalars.One);
        }

        model.Embeddings.OutputBias!.index_fill_(0, tensor(RuledOut), float.NegativeInfinity);
        return model;
    }

    public static IReadOnlyList<ParallelExample> Examples(int count, long seed) =>
        [.. Reversal.Examples(count, seed).Where(example => !example.Target.Contains(19))];

    public static void AssertRuledOut(Transformer model)
    {
        var infinite = model.Embeddings.RuledOut()!;
        Assert.Equal(RuledOut, infinite.nonzero().data<long>().ToArray());
        Assert.All(
            model.named_parameters(),
            entry => Assert.False(entry.parameter.isnan().any().item<bool>(), entry.name)
        );
    }
}
