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

    /// <summary>How branch, shortcut and normalisation are put together.</summary>
    public ResidualConnection Residual { get; }

    /// <summary>Hears of every pass: the input and the output, both <c>[batch, length, dim]</c>, which it must not keep. For examinations; null costs nothing.</summary>
    public Action<Tensor, Tensor>? Observed { get; set; }

    /// <summary>The sublayer's output for <c>x [batch, length, dim]</c>; <paramref name="branch"/> computes f.</summary>
    public Tensor Apply(Tensor x, Func<Tensor, Tensor> branch)
    {
        using var scope = NewDisposeScope();
        // The residual stream keeps its precision whatever the branch computes in.
        var output = _dropout.Apply(branch(Residual.BranchInput(x)).to(x.dtype), _dropoutRate);
        var combined = Residual.Combine(x, output);
        Observed?.Invoke(x, combined);
        return combined.MoveToOuterDisposeScope();
    }
}
