using TorchSharp;
using TorchSharp.Modules;
using TransformerClinic.Model;
using TransformerClinic.Residuals;
using TransformerClinic.Residuals.Remedies;
using static TorchSharp.torch;

namespace TransformerClinic.Diagnosis;

/// <summary>Components that sum to the state: the rule of <see cref="ResidualDependency"/>.</summary>
internal sealed class ExactComponents : ResidualComponents
{
    // Of the layer's input, where a later sublayer adds it once more.
    private readonly List<Tensor> _layerInput = [];

    // Of what later layers read: the stack's input, and the outputs of layers.
    private readonly List<IReadOnlyList<Tensor>> _kept = [];

    // In each of several streams, [..., n, dim].
    private readonly List<Tensor> _ofStreams = [];

    /// <inheritdoc/>
    public override void Dispose()
    {
        Forget();
        _kept.SelectMany(components => components).Concat(_ofStreams).ToList().ForEach(part => part.Dispose());
        base.Dispose();
    }

    /// <inheritdoc/>
    protected override void Combine(SublayerPass pass)
    {
        var form =
            pass.Residual.Form
            ?? throw new InvalidOperationException(
                $"The connection at {pass.Place}, a {pass.Residual.GetType().Name}, has no equation of one "
                    + "stream: what its states are made of is not known."
            );
        if (form.Streams is { } streams)
        {
            Mix(streams, form.Branch, pass);
            return;
        }

        if (form.BeginsLayer)
        {
            Forget();
            _layerInput.AddRange(Components.SkipLast(1).Select(Copy));
        }

        if (form.History?.Start is not null)
        {
            _kept.Add([Copy(pass.ShortcutState.narrow(-1, pass.Residual.Dim, pass.Residual.Dim))]);
        }

        if (form.Inner is { } inner)
        {
            Components[^1].copy_(inner.Apply(pass.Branch));
        }

        var branchScale = form.Branch.Values(pass.Residual.Dim);
        var shortcutScale = Channels(form.Shortcut.Values(pass.Residual.Dim), pass);
        Components[^1].mul_(Channels(branchScale, pass));
        foreach (var older in Components.SkipLast(1))
        {
            older.mul_(shortcutScale);
        }

        if (form.AddsLayerInput)
        {
            foreach (var (component, once) in Components.Zip(_layerInput))
            {
                component.add_(once, HeldScalars.One);
            }
        }

        if (form.After is { } after)
        {
            using Scalar factor = branchScale[0];
            var shortcut = pass.Shortcut * shortcutScale;
            if (form.AddsLayerInput)
            {
                shortcut = _layerInput.Aggregate(shortcut, (sum, component) => sum.add(component, HeldScalars.One));
            }

            var isOneFactor = form.Inner is null && branchScale.All(channel => channel == branchScale[0]);
            Normalize(
                after,
                isOneFactor ? shortcut.add(pass.Branch, factor) : shortcut.add(Components[^1], HeldScalars.One),
                pass
            );
        }

        if (form.History is { } history && history.WeightValues() is { } weights)
        {
            Mix(history, weights, pass);
        }
    }

    /// <summary>
    /// Keeps the output of a layer for later ones, and makes of the components those of the weighted sum that the next
    /// layer reads.
    /// </summary>
    private void Mix(LayerHistory history, double[] weights, SublayerPass pass)
    {
        if (history.Stored is { } stored)
        {
            Normalize(stored, SumOfAll(), pass);
        }

        _kept.Add([.. Components.Select(Copy)]);
        Components.ToList().ForEach(component => component.zero_());
        foreach (var (layer, weight) in _kept.Zip(weights))
        {
            using Scalar factor = weight;
            foreach (var (component, part) in Components.Zip(layer))
            {
                component.add_(part, factor);
            }
        }

        if (history.Mixed is { } mixed)
        {
            Normalize(mixed, SumOfAll(), pass);
        }
    }

    /// <summary>
    /// A mix is linear once its weights are known: what a component is in each stream is mixed as the streams are, and
    /// the component is the sum.
    /// </summary>
    private void Mix(StreamMix mix, ResidualScale branchScale, SublayerPass pass)
    {
        var streams = mix.Of(pass.ShortcutState);
        if (_ofStreams.Count == 0)
        {
            _ofStreams.Add(Copy(streams));
        }

        var (mixed, write) = mix.Weights(streams);
        for (var j = 0; j < _ofStreams.Count; j++)
        {
            using var before = _ofStreams[j];
            _ofStreams[j] = mixed.matmul(before).DetachFromDisposeScope();
        }

        var branch = pass.Branch * Channels(branchScale.Values(pass.Residual.Dim), pass);
        _ofStreams.Add((write * branch.unsqueeze(-2)).DetachFromDisposeScope());
        foreach (var (component, part) in Components.Zip(_ofStreams))
        {
            component.copy_(part.sum(-2));
        }
    }

    private Tensor SumOfAll() => Components.Aggregate((sum, component) => sum.add(component, HeldScalars.One));

    private static Tensor Copy(Tensor component) => component.clone().DetachFromDisposeScope();

    private static Tensor Channels(double[] values, SublayerPass pass) =>
        tensor(values, pass.Shortcut.dtype, pass.Shortcut.device);

    /// <summary>What a normalization of their sum makes of the components.</summary>
    private void Normalize(ScaledNorm after, Tensor sum, SublayerPass pass)
    {
        if (after.Module is LayerNorm norm)
        {
            Normalize(norm, sum);
        }
        else if (after.Module is RmsNorm rms)
        {
            Normalize(rms, sum);
        }
        else if (after.Module is ScaleNorm scale)
        {
            MultiplyAll(scale.FactorOf(sum));
        }
        else if (after.Module is not Identity)
        {
            throw new InvalidOperationException(
                $"The normalization at {pass.Place} is a {after.Module.GetType().Name}: what it makes of the "
                    + "parts of a sum is known only of layer normalizations, RMS normalizations, ScaleNorm and "
                    + "nn.Identity()."
            );
        }

        if (after.Factor != 1)
        {
            MultiplyAll(tensor(after.Factor, sum.dtype, sum.device));
        }
    }

    private void Normalize(LayerNorm norm, Tensor sum)
    {
        var factor = (norm.weight ?? ones(1, sum.dtype, sum.device)) / Deviation(sum, norm.eps);
        foreach (var component in Components)
        {
            using var scope = NewDisposeScope();
            component.sub_(component.mean([-1], keepdim: true)).mul_(factor);
        }

        if (norm.bias is { } bias)
        {
            Components[0].add_(bias, HeldScalars.One);
        }
    }

    private void Normalize(RmsNorm norm, Tensor sum)
    {
        using Scalar least = norm.Epsilon;
        MultiplyAll(
            norm.Weight / sum.pow(HeldScalars.Two).mean([-1], keepdim: true).add_(least, HeldScalars.One).sqrt_()
        );
    }

    private void MultiplyAll(Tensor factor)
    {
        foreach (var component in Components)
        {
            component.mul_(factor);
        }
    }

    private void Forget()
    {
        _layerInput.ForEach(component => component.Dispose());
        _layerInput.Clear();
    }

    /// <summary>
    /// <c>sqrt(var(y) + eps)</c>, <c>[..., 1]</c>; TorchSharp's var(unbiased: false) divides by n - 1 all the same.
    /// </summary>
    private static Tensor Deviation(Tensor sum, double epsilon)
    {
        using Scalar least = epsilon;
        return (sum - sum.mean([-1], keepdim: true))
            .pow(HeldScalars.Two)
            .mean([-1], keepdim: true)
            .add_(least, HeldScalars.One)
            .sqrt_();
    }
}
