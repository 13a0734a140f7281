using System.Diagnostics.CodeAnalysis;
using TorchSharp.Modules;
using TransformerClinic.Kernels;
using TransformerClinic.Residuals;
using static TorchSharp.torch;

namespace TransformerClinic.Model;

/// <summary>
/// Branch, residual connection and normalisation: <c>Combine(x, dropout(f(BranchInput(x))))</c>. The one place where a branch
/// and the residual variant meet; neither knows of the other.
/// </summary>
public sealed class Sublayer : nn.Module
{
    private readonly nn.Module _branch;
    private readonly Dropout _dropout;
    private readonly double _dropoutRate;

    /// <summary>A sublayer around a branch and with a connection, whose parameters it registers.</summary>
    public Sublayer(nn.Module branch, ResidualConnection residual, ModelOptions options, Dropout dropout)
        : base(nameof(Sublayer))
    {
        (_branch, _dropout, _dropoutRate) = (branch, dropout, options.Dropout);
        Residual = residual;
        register_module("branch", _branch);
        register_module("residual", Residual);
    }

    /// <summary>What computes f.</summary>
    public nn.Module Branch => _branch;

    /// <summary>How branch, shortcut and normalisation are put together.</summary>
    public ResidualConnection Residual { get; }

    /// <summary>The sublayer's output for <c>x [batch, length, dim]</c>; <paramref name="branch"/> computes f.</summary>
    public Tensor Apply(Tensor x, Func<Tensor, Tensor> branch)
    {
        using var scope = NewDisposeScope();
        var output = branch(Residual.BranchInput(x));
        if (Residual.Observer is null && IsOnePass(x, output, out var scale, out var norm))
        {
            return Combine(x, output, scale, norm, _dropout.Next(_dropoutRate)).MoveToOuterDisposeScope();
        }

        // The residual stream keeps its precision whatever the branch computes in.
        output = _dropout.Apply(output.to(x.dtype), _dropoutRate);
        if (!IsOnePass(x, output, out scale, out norm))
        {
            return Residual.Combine(x, output).MoveToOuterDisposeScope();
        }

        var combined = Combine(x, output, scale, norm, mask: null);
        Residual.Observer?.Invoke(x, output, combined);
        return combined.MoveToOuterDisposeScope();
    }

    /// <summary>Whether dropout, residual connection and normalisation are one pass over memory here.</summary>
    private bool IsOnePass(Tensor x, Tensor branch, out Tensor? scale, [NotNullWhen(true)] out LayerNorm? norm)
    {
        (scale, norm) = (null, (Residual as PostNormResidual)?.Norm as LayerNorm);
        return norm is not null && ((PostNormResidual)Residual).IsScaledSum(out scale) && NormalizedSumFunction.Serves(x, branch);
    }

    private Tensor Combine(Tensor x, Tensor branch, Tensor? scale, LayerNorm norm, DropoutMask? mask) =>
        NormalizedSumFunction.Apply(x, branch, scale, norm.weight!, norm.bias!, mask, _dropout.Handover);
}
