using TorchSharp.Modules;
using TransformerClinic.Kernels;
using TransformerClinic.Model.Functions;
using TransformerClinic.Residuals;
using static TorchSharp.torch;

namespace TransformerClinic.Model;

/// <summary>
/// Branch, residual connection and normalization: <c>call(x, dropout(f(BranchInput(x))))</c>. The one place where a
/// branch and the residual variant meet; neither knows of the other.
/// </summary>
internal sealed class Sublayer : nn.Module
{
    /// <summary>The name of the connection's module.</summary>
    internal const string ResidualName = "residual";

    private readonly nn.Module _branch;
    private readonly Dropout _dropout;
    private readonly double _dropoutRate;
    private readonly int _parametersOfResidual;

    /// <summary>A sublayer around a branch and with a connection, whose parameters it registers.</summary>
    public Sublayer(nn.Module branch, ResidualConnection residual, ModelOptions options, Dropout dropout)
        : base(nameof(Sublayer))
    {
        (_branch, _dropout, _dropoutRate) = (branch, dropout, options.Dropout);
        Residual = residual;
        _parametersOfResidual = residual.parameters().Count();
        register_module("branch", _branch);
        register_module(ResidualName, Residual);
    }

    /// <summary>What computes f.</summary>
    public nn.Module Branch => _branch;

    /// <summary>How branch, shortcut and normalization are put together.</summary>
    public ResidualConnection Residual { get; }

    /// <summary>
    /// The sublayer's output for <c>x [batch, length, dim]</c>, or for the state that travels in its place;
    /// <paramref name="branch"/> computes f.
    /// </summary>
    public Tensor Apply(Tensor x, Func<Tensor, Tensor> branch)
    {
        using var scope = NewDisposeScope();
        var output = branch(Residual.BranchInput(x));
        var norm = NormOfOnePass(x, output, out var scale);
        DropoutMask? mask = null;
        if (norm is not null && Residual.Observer is null)
        {
            mask = _dropout.Next(_dropoutRate);
        }
        else
        {
            // The residual stream keeps its precision whatever the branch computes in.
            output = _dropout.Apply(output.to(x.dtype), _dropoutRate);
        }

        if (norm is null)
        {
            return Residual.call(x, output).MoveToOuterDisposeScope();
        }

        var combined = NormalizedSumFunction.Apply(x, output, scale, norm.weight!, norm.bias!, mask, _dropout.Handover);
        Residual.Observer?.Invoke(x, output, combined);
        return combined.MoveToOuterDisposeScope();
    }

    /// <summary>
    /// Whether kernels compute everything around the branch, with gradients of x, the branch and all parameters of the
    /// connection, and nobody looks on.
    /// </summary>
    public bool IsOfKernels(Tensor x) =>
        Residual.Observer is null
        && NormOfOnePass(x, x, out var scale) is not null
        && scale is null or { is_leaf: true }
        && _parametersOfResidual == (scale is null ? 2 : 3); // with those of the normalization

    /// <summary>The sublayer as kernels compute it in one pass; draws the dropout mask.</summary>
    public SublayerPass Pass(StackInputs inputs, IBranchPass branch)
    {
        var norm = NormOfOnePass(inputs.X, inputs.X, out var scale)!;
        return new SublayerPass(branch, norm, scale, _dropout.Next(_dropoutRate), inputs.Rows, (int)Residual.Dim);
    }

    /// <summary>
    /// The normalization, where dropout, residual connection and normalization are one pass over memory,
    /// <c>LN(x * scale + f)</c>, scale a vector or nothing; null where they are not.
    /// </summary>
    private LayerNorm? NormOfOnePass(Tensor x, Tensor branch, out Tensor? scale)
    {
        scale = null;
        if (
            Residual.Form is not { OnePass: true, Inner: null, Branch.IsOne: true, After: { Factor: 1 } after } form
            || !form.HasOneStream
            || Residual.DoesMoreThanItsForm
            || !NormalizedSumFunction.Serves(after.Module)
            || !NormalizedSumFunction.Serves(x, branch)
            || !_dropout.UsesKernels(x)
        )
        {
            return null;
        }

        scale = form.Shortcut.Tensor;
        var isVector = scale is not null && scale.dim() == 1 && scale.size(0) == Residual.Dim;
        return form.Shortcut.IsOne || isVector ? (LayerNorm)after.Module : null;
    }
}
