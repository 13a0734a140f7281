using TorchSharp;
using TransformerClinic.Model;
using static TorchSharp.torch;

namespace TransformerClinic.Diagnosis;

/// <summary>Sums up what one sublayer does in several passes.</summary>
internal sealed class SublayerRecord(SublayerPlace place) : IDisposable
{
    private double _shortcut;
    private double _branch;
    private double _output;
    private double _numbers;
    private double _largest;
    private double _entropy;
    private double[] _relative = [];
    private double _queries;
    private double _active;
    private double _positions;
    private Tensor? _everActive;

    /// <summary>Adds the magnitudes of a pass.</summary>
    /// <param name="pass">The pass.</param>
    /// <param name="real">Which positions are tokens, boolean <c>[...]</c>; null for all.</param>
    public void AddPass(SublayerPass pass, Tensor? real)
    {
        using var scope = NewDisposeScope();
        var output = RealTokens.Of(pass.Output, real);
        _shortcut += SquareSum(RealTokens.Of(pass.Shortcut, real));
        _branch += SquareSum(RealTokens.Of(pass.Branch, real));
        _output += SquareSum(output);
        _numbers += output.numel();
        _largest = Math.Max(_largest, output.abs().max().to(ScalarType.Float64).item<double>());
    }

    /// <summary>Adds the attention weights of a pass.</summary>
    /// <param name="weights"><c>[batch, heads, queries, keys]</c></param>
    /// <param name="queries">Which queries are tokens, boolean <c>[batch, queries]</c>.</param>
    /// <param name="keys">Which keys are tokens, boolean <c>[batch, keys]</c>.</param>
    public void AddAttention(Tensor weights, Tensor queries, Tensor keys)
    {
        using var scope = NewDisposeScope();
        using Scalar least = 1e-300,
            one = 1;
        var w = weights.to(ScalarType.Float64);
        var entropy = (w * w.clamp(least).log()).sum(-1).neg_().transpose(0, 1); // [heads, batch, queries]
        var seen = keys.unsqueeze(1).expand(-1, queries.shape[1], -1);
        seen = place.Address is { IsCausal: true } ? seen.logical_and(ones_like(seen).tril()) : seen;
        var count = seen.sum(-1); // [batch, queries]
        var counted = queries.logical_and(count.gt(one));
        var choice = count.to(ScalarType.Float64).log();
        var perHead = (entropy / choice).masked_select(counted).view(weights.shape[1], -1).sum(-1);
        _relative = [.. perHead.cpu().data<double>().Select((sum, head) => sum + _relative.ElementAtOrDefault(head))];
        _entropy += entropy.masked_select(counted).sum().item<double>() / weights.shape[1];
        _queries += counted.sum().item<long>();
    }

    /// <summary>Adds the hidden layer of a pass, <c>[batch, length, hidden]</c>, whose activation is ReLU.</summary>
    public void AddHidden(Tensor hidden, Tensor real)
    {
        using var scope = NewDisposeScope();
        using Scalar zero = 0;
        var active = hidden[real].gt(zero); // [tokens, hidden]
        _active += active.sum().item<long>();
        _positions += active.shape[0];
        var ever = active.any(0);
        var before = _everActive;
        _everActive = (before is null ? ever : before.logical_or(ever)).DetachFromDisposeScope();
        before?.Dispose();
    }

    /// <summary>The result over all passes.</summary>
    public SublayerActivity Result() =>
        new(
            place,
            Math.Sqrt(_shortcut / _numbers),
            Math.Sqrt(_branch / _numbers),
            Math.Sqrt(_output / _numbers),
            _largest,
            _queries == 0
                ? null
                : new AttentionActivity(
                    _entropy / _queries,
                    _relative.Average() / _queries,
                    [.. _relative.Select(sum => sum / _queries)]
                ),
            _everActive is null
                ? null
                : new FeedForwardActivity(
                    1 - (Count(_everActive) / (double)_everActive.numel()),
                    _active / (_positions * _everActive.numel())
                )
        );

    /// <inheritdoc/>
    public void Dispose() => _everActive?.Dispose();

    private static long Count(Tensor units)
    {
        using var scope = NewDisposeScope();
        return units.sum().item<long>();
    }

    private static double SquareSum(Tensor x)
    {
        using var scope = NewDisposeScope();
        return x.to(ScalarType.Float64).pow(HeldScalars.Two).sum().item<double>();
    }
}
