using static TorchSharp.torch;

namespace TransformerClinic.Diagnosis;

/// <summary>Keeps one stack's states of a first pass and compares those of a second.</summary>
/// <param name="stack">The stack's name.</param>
/// <param name="real">Which positions are tokens, boolean <c>[...]</c>; null for all.</param>
internal sealed class StackComparison(string stack, Tensor? real) : IDisposable
{
    private readonly Queue<(Tensor BranchInput, Tensor Output, Tensor Standardized)> _first = [];
    private readonly List<double> _inputs = [];
    private readonly List<double> _changes = [];
    private double _final;

    /// <summary>Keeps a sublayer of the first pass.</summary>
    public void Keep(SublayerPass pass)
    {
        using var scope = NewDisposeScope();
        _first.Enqueue(
            (
                ScaledInput(pass).DetachFromDisposeScope(),
                pass.Output.clone().DetachFromDisposeScope(),
                pass.Standardized(real).DetachFromDisposeScope()
            )
        );
    }

    /// <summary>Compares the next sublayer of the second pass.</summary>
    public void Compare(SublayerPass pass)
    {
        using var scope = NewDisposeScope();
        var (input, output, standardized) = _first.Dequeue();
        using (input)
        using (output)
        using (standardized)
        {
            _inputs.Add(Norm.Of(input - ScaledInput(pass)));
            _final = Norm.Of(output - pass.Output);
            _changes.Add(pass.ChangeFrom(standardized, real));
        }
    }

    /// <summary>The result of the comparison.</summary>
    public StackOutputChange Result() =>
        new(stack, _changes, GrowthFit.Of([.. _changes.Select((_, i) => i + 1.0)], _changes), _inputs, _final);

    /// <inheritdoc/>
    public void Dispose()
    {
        foreach (var (input, output, standardized) in _first)
        {
            input.Dispose();
            output.Dispose();
            standardized.Dispose();
        }
    }

    /// <summary><c>z / std(z)</c> of the branch's input.</summary>
    private static Tensor ScaledInput(SublayerPass pass)
    {
        var input = pass.Residual.BranchInput(pass.ShortcutState);
        return input / input.std(-1, unbiased: true, keepdim: true);
    }
}
