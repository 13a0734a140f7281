using TransformerClinic.Diagnosis;
using TransformerClinic.Model;
using static TorchSharp.torch;

namespace TransformerClinic.Tests.Diagnosis.Depth;

/// <summary>What a sublayer computed, as plain numbers: position by position, channel by channel.</summary>
internal sealed record SeenSublayer(SublayerPlace Place, double[][] Shortcut, double[][] Branch, double[][] Output)
{
    /// <summary>Which positions are tokens, and the sentence of each.</summary>
    public required int?[] Sentence { get; init; }

    /// <summary>What a model computes of an input, seen through its observers.</summary>
    public static List<SeenSublayer> Of(Transformer model, ModelInput input)
    {
        using var scope = NewDisposeScope();
        var pass = DiagnosedPass.Of(model, input);
        var seen = new List<SeenSublayer>();
        pass.Run(sublayer =>
        {
            var real = pass.RealPositions[sublayer.Place.Stack];
            var (counted, length) = (real.to(CPU).data<bool>().ToArray(), (int)real.shape[1]);
            seen.Add(
                new SeenSublayer(sublayer.Place, Rows(sublayer.Shortcut), Rows(sublayer.Branch), Rows(sublayer.Output))
                {
                    Sentence = [.. counted.Select((isToken, i) => isToken ? i / length : (int?)null)],
                }
            );
        });
        return seen;
    }

    /// <summary>The rows of a tensor <c>[..., dim]</c>.</summary>
    public static double[][] Rows(Tensor x)
    {
        using var scope = NewDisposeScope();
        return [.. x.detach().to(ScalarType.Float64).contiguous().data<double>().ToArray().Chunk((int)x.shape[^1])];
    }
}
