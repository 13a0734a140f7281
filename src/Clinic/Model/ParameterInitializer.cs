using TorchSharp;
using TorchSharp.Modules;
using TransformerClinic.Residuals;
using static TorchSharp.torch;

namespace TransformerClinic.Model;

/// <summary>
/// Draws a model's initial parameters, one after the other, from a generator of its own: the same seed and shape give
/// the same weights whatever else draws random numbers, and every residual variant starts from the same weights.
/// </summary>
internal sealed class ParameterInitializer : IDisposable
{
    private const double UnitEmbeddingBound = 0.01; // tnq177/transformers_without_tears, model.py

    private readonly Generator _generator;

    /// <summary>A stream of initial parameters for a seed.</summary>
    public ParameterInitializer(long seed) => _generator = new Generator(unchecked((ulong)seed), CPU);

    /// <summary>
    /// Q, K and V, <c>[3d, d]</c>. Drawn as one matrix as in the reference, its bound is <c>sqrt(6 / 4d)</c>; three
    /// separate matrices have twice the variance.
    /// </summary>
    public Parameter AttentionInput(int dim, BranchInitialization initialization)
    {
        using var scope = NewDisposeScope();
        return initialization.SeparateProjections
            ? Own(
                cat([
                    .. new[] { initialization.QueryKeyGain, initialization.QueryKeyGain, initialization.Gain }.Select(
                        gain => Attention(dim, dim, initialization, gain)
                    ),
                ])
            )
            : Own(Attention(3 * dim, dim, initialization, initialization.Gain));
    }

    /// <summary>The matrix that attention writes to the stream with, <c>[d, d]</c>.</summary>
    public Parameter AttentionOutput(int dim, BranchInitialization initialization) =>
        Own(Attention(dim, dim, initialization, initialization.Gain * initialization.OutputGain));

    /// <summary>The feed-forward sublayer's matrices, <c>[hidden, dim]</c> and <c>[dim, hidden]</c>.</summary>
    public (Parameter Inner, Parameter Outer) FeedForward(int dim, int hidden, BranchInitialization initialization)
    {
        using var scope = NewDisposeScope();
        var inner = Draw(hidden, dim, initialization.Distribution, initialization.Gain);
        var outer = Draw(dim, hidden, initialization.Distribution, initialization.Gain * initialization.OutputGain);
        if (initialization.MirroredFeedForward)
        {
            var half = hidden / 2;
            inner.narrow(0, half, half).copy_(inner.narrow(0, 0, half).neg());
            outer.narrow(1, half, half).copy_(outer.narrow(1, 0, half).neg());
        }

        return (Own(inner), Own(outer));
    }

    /// <summary>
    /// An embedding <c>[vocabulary, dim]</c> from <c>N(0, 1/dim)</c> (standard deviation <c>dim^-1/2</c>); the pad row
    /// is zero. A gain other than 1 multiplies what was drawn.
    /// </summary>
    public Parameter Embedding(long vocabulary, long dim, long padding, double gain = 1)
    {
        using var scope = NewDisposeScope();
        using Scalar deviation = Math.Pow(dim, -0.5);
        var weight = randn(vocabulary, dim, generator: _generator).mul_(deviation);
        weight[padding].zero_();
        if (gain != 1)
        {
            using Scalar factor = gain;
            weight.mul_(factor);
        }

        return Own(weight);
    }

    /// <summary>
    /// An embedding <c>[vocabulary, dim]</c> of vectors that are used with the length 1, from <c>U(-0.01, 0.01)</c>
    /// times a gain: their own length only says how far a step turns them. The pad row is drawn, too, for zero has no
    /// direction.
    /// </summary>
    public Parameter UnitEmbedding(long vocabulary, long dim, double gain) =>
        Own(Uniform(vocabulary, dim, gain * UnitEmbeddingBound));

    /// <summary>A bias of zeros.</summary>
    public static Parameter Zeros(long length) => Own(zeros(length));

    /// <summary>A scale of ones.</summary>
    public static Parameter Ones(long length) => Own(ones(length));

    /// <inheritdoc/>
    public void Dispose() => _generator.Dispose();

    private Tensor Attention(long rows, long columns, BranchInitialization initialization, double gain) =>
        Draw(rows, columns, initialization.Distribution, gain * initialization.AttentionGain);

    private Tensor Draw(long rows, long columns, WeightDistribution distribution, double gain)
    {
        switch (distribution)
        {
            case WeightDistribution.XavierUniform:
                return Uniform(rows, columns, gain * Math.Sqrt(6.0 / (rows + columns)));

            case WeightDistribution.XavierNormal:
                return Normal(rows, columns, gain * Math.Sqrt(2.0 / (rows + columns)));

            case WeightDistribution.Normal:
                return Normal(rows, columns, gain);

            default:
                throw new ArgumentOutOfRangeException(
                    nameof(distribution),
                    distribution,
                    "This distribution is not known."
                );
        }
    }

    private Tensor Uniform(long rows, long columns, double bound)
    {
        using Scalar width = 2 * bound,
            half = bound;
        return rand(rows, columns, generator: _generator).mul_(width).sub_(half);
    }

    private Tensor Normal(long rows, long columns, double standardDeviation)
    {
        using Scalar deviation = standardDeviation;
        return randn(rows, columns, generator: _generator).mul_(deviation);
    }

    /// <summary>A parameter that outlives the dispose scope in which its model is built.</summary>
    private static Parameter Own(Tensor values)
    {
        var parameter = new Parameter(values);
        parameter.DetachFromDisposeScope();
        return parameter;
    }
}
