using TorchSharp;
using TorchSharp.Modules;
using TransformerClinic.Model;
using TransformerClinic.Residuals;
using static TorchSharp.torch;

namespace TransformerClinic.Diagnosis;

/// <summary>Components that sum to the state: the rule of <see cref="ResidualDependency"/>.</summary>
internal sealed class ExactComponents : ResidualComponents
{
    /// <inheritdoc/>
    protected override void Combine(SublayerPass pass)
    {
        switch (pass.Residual)
        {
            case PostNormResidual residual:
                Normalise(residual, pass);
                break;
            case RezeroResidual residual:
                Components[^1].mul_(residual.Alpha);
                break;
        }
    }

    private void Normalise(PostNormResidual residual, SublayerPass pass)
    {
        var shortcutScale = tensor(residual.ShortcutScale(), pass.Shortcut.dtype, pass.Shortcut.device);
        using Scalar branchScale = residual.BranchScale();
        foreach (var older in Components.SkipLast(1))
        {
            older.mul_(shortcutScale);
        }

        Components[^1].mul_(branchScale);
        if (residual.Norm is LayerNorm norm)
        {
            Normalise(norm, (pass.Shortcut * shortcutScale).add(pass.Branch, branchScale));
        }
        else if (residual.Norm is not Identity)
        {
            throw new InvalidOperationException(
                $"The normalisation at {pass.Place.Name} is a {residual.Norm.GetType().Name}: what it makes of the "
                    + "parts of a sum is known of layer normalisations alone, and of nn.Identity()."
            );
        }
    }

    /// <summary>What a layer normalisation of their sum makes of the components.</summary>
    private void Normalise(LayerNorm norm, Tensor sum)
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
