using TorchSharp;
using TorchSharp.Modules;
using TransformerClinic.Model;
using TransformerClinic.Residuals;
using static TorchSharp.torch;

namespace TransformerClinic.Diagnosis;

/// <summary>Components that sum to the state: the rule of <see cref="ResidualDependency"/>.</summary>
internal sealed class ExactComponents : ResidualComponents
{
    // What PostNormResidual's layer normalisations are made with.
    private const double NormEpsilon = 1e-5;

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
        var sum = (pass.Shortcut * shortcutScale).add(pass.Branch, branchScale);
        var norm = (LayerNorm)residual.Norm;
        var factor = norm.weight! / Deviation(sum);
        for (var j = 0; j < Count; j++)
        {
            using var scope = NewDisposeScope();
            var component = Components[j];
            _ = j == Count - 1 ? component.mul_(branchScale) : component.mul_(shortcutScale);
            component.sub_(component.mean([-1], keepdim: true)).mul_(factor);
        }

        Components[0].add_(norm.bias!, HeldScalars.One);
    }

    /// <summary><c>sqrt(var(y) + eps)</c>, <c>[batch, length, 1]</c>; TorchSharp's var(unbiased: false) divides by n - 1 all the same.</summary>
    private static Tensor Deviation(Tensor sum)
    {
        using Scalar epsilon = NormEpsilon;
        return (sum - sum.mean([-1], keepdim: true)).pow(HeldScalars.Two).mean([-1], keepdim: true).add_(epsilon, HeldScalars.One).sqrt_();
    }
}
