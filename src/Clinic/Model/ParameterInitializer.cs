using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace TransformerClinic.Model;

/// <summary>
/// Draws a model's initial parameters, one after the other, from a generator of its own: the same seed and shape give
/// the same weights whatever else draws random numbers, and every residual variant starts from the same weights.
/// </summary>
public sealed class ParameterInitializer : IDisposable
{
    private readonly Generator _generator;

    /// <summary>A stream of initial parameters for a seed.</summary>
    public ParameterInitializer(long seed) => _generator = new Generator(unchecked((ulong)seed), CPU);

    /// <summary>
    /// Xavier-uniform: <c>U(-a, a)</c>, <c>a = sqrt(6 / (rows + columns))</c>. Q, K and V are drawn as one fused <c>[3d, d]</c>
    /// matrix, so <c>a = sqrt(6 / 4d)</c> as in the reference; three separate matrices would double the variance of V.
    /// </summary>
    public Parameter XavierUniform(long rows, long columns)
    {
        var bound = Math.Sqrt(6.0 / (rows + columns));
        using Scalar width = 2 * bound, half = bound;
        return Own(rand(rows, columns, generator: _generator).mul_(width).sub_(half));
    }

    /// <summary>An embedding <c>[vocabulary, dim]</c> from <c>N(0, 1/dim)</c> (standard deviation <c>dim^-1/2</c>); the pad row is zero.</summary>
    public Parameter Embedding(long vocabulary, long dim, long padding)
    {
        using var scope = NewDisposeScope();
        using Scalar deviation = Math.Pow(dim, -0.5);
        var weight = randn(vocabulary, dim, generator: _generator).mul_(deviation);
        weight[padding].zero_();
        return Own(weight);
    }

    /// <summary>A bias of zeros.</summary>
    public static Parameter Zeros(long length) => Own(zeros(length));

    /// <inheritdoc/>
    public void Dispose() => _generator.Dispose();

    /// <summary>A parameter that outlives the dispose scope in which its model is built.</summary>
    private static Parameter Own(Tensor values)
    {
        var parameter = new Parameter(values);
        parameter.DetachFromDisposeScope();
        return parameter;
    }
}
