using TorchSharp;
using static TorchSharp.torch;

namespace TransformerClinic.Residuals;

/// <summary><c>factor * norm(x)</c>: a normalization in a <see cref="ResidualForm"/>.</summary>
public sealed class ScaledNorm
{
    /// <summary>What a layer normalization adds to the variance unless another number is given.</summary>
    internal const double UsualEpsilon = 1e-5;

    private readonly Scalar? _factor;

    /// <summary>A normalization with a constant factor.</summary>
    /// <param name="module">The normalization; the connection registers it.</param>
    /// <param name="factor">What its output is multiplied by.</param>
    public ScaledNorm(nn.Module<Tensor, Tensor> module, double factor = 1)
    {
        (Module, Factor) = (module, factor);
        if (factor != 1)
        {
            _factor = factor;
        }
    }

    /// <summary>The normalization without its factor.</summary>
    public nn.Module<Tensor, Tensor> Module { get; }

    /// <summary>What its output is multiplied by.</summary>
    public double Factor { get; }

    /// <summary><c>factor * norm(x)</c>; hooks of the normalization run.</summary>
    internal Tensor Apply(Tensor x)
    {
        if (_factor is not { } factor)
        {
            return Module.call(x);
        }

        using var normalized = Module.call(x);
        return normalized.mul(factor);
    }
}
