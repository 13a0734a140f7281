using TransformerClinic.Model;
using static TorchSharp.torch;

namespace TransformerClinic.Diagnosis;

/// <summary>
/// The parts that a state of the residual stream is made of: what is left of the stack's input and of each branch, each
/// <c>[..., dim]</c>. The derived type knows what a sublayer does to the components before it.
/// </summary>
internal abstract class ResidualComponents : IDisposable
{
    private readonly List<Tensor> _components = [];

    /// <summary>How many there are.</summary>
    public int Count => _components.Count;

    /// <summary>The components, the stack's input first. They are changed in place.</summary>
    protected IReadOnlyList<Tensor> Components => _components;

    /// <summary>Starts with a stack's input.</summary>
    public void Begin(Tensor input) => _components.Add(input.clone().DetachFromDisposeScope());

    /// <summary>Continues by one sublayer, whose branch is appended.</summary>
    public void Append(SublayerPass pass)
    {
        using var scope = NewDisposeScope();
        _components.Add(pass.Branch.clone().DetachFromDisposeScope());
        Combine(pass);
    }

    /// <summary><c>mean_tokens(std(c_j))</c> of each component, n - 1 in the variance, over all positions.</summary>
    public double[] MeanDeviations() => Each(component => component.std(-1, unbiased: true).mean());

    /// <summary><c>sqrt(mean_tokens(Var[c_j] / Var[x]))</c> of each component over the real positions.</summary>
    /// <param name="state">x, <c>[..., dim]</c>.</param>
    /// <param name="real">Boolean <c>[...]</c>; null for all.</param>
    public double[] Dependencies(Tensor state, Tensor? real)
    {
        using var scope = NewDisposeScope();
        var whole = RealTokens.Of(state, real).var(-1, unbiased: true);
        return Each(component => RealTokens.Of(component, real).var(-1, unbiased: true).div(whole).mean().sqrt());
    }

    /// <summary><c>max |sum_j c_j - x|</c></summary>
    public double DifferenceFrom(Tensor state)
    {
        using var scope = NewDisposeScope();
        var sum = state.neg();
        foreach (var component in _components)
        {
            sum.add_(component, HeldScalars.One);
        }

        return sum.abs().max().to(ScalarType.Float64).item<double>();
    }

    /// <inheritdoc/>
    public virtual void Dispose() => _components.ForEach(component => component.Dispose());

    /// <summary>Changes the components, of which the last is the sublayer's branch as it is, in place.</summary>
    protected abstract void Combine(SublayerPass pass);

    private double[] Each(Func<Tensor, Tensor> measure)
    {
        using var scope = NewDisposeScope();
        return [.. _components.Select(component => measure(component).to(ScalarType.Float64).item<double>())];
    }
}
