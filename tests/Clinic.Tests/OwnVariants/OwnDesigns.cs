using TorchSharp.Modules;
using TransformerClinic.Residuals;
using static TorchSharp.torch;

namespace TransformerClinic.Tests.OwnVariants;

/// <summary>Residual variants that the engine has never heard of.</summary>
internal static class OwnDesigns
{
    /// <summary><c>LN(gamma * x + lambda * f(x))</c>, both vectors trained: all of it folds.</summary>
    public static readonly ResidualDesign Weighted = new("weighted Post-LN", place => new WeightedResidual(place.Dim));

    /// <summary>
    /// Peri-LN: <c>x + LN(f(LN(x)))</c>, the layer's first normalization over the root of its number.
    /// </summary>
    public static readonly ResidualDesign PeriLn = new("Peri-LN", place => new PeriLnResidual(place));

    /// <summary>ResiDual: a Post-LN stream, which branches read, and a sum of all branches next to it.</summary>
    public static readonly ResidualDesign Dual = new("ResiDual", place => new DualResidual(place));

    public static ResidualDesign Named(string name) =>
        new[] { Weighted, PeriLn, Dual }.Single(design => design.Name == name);

    public static Parameter Own(Tensor values)
    {
        var parameter = new Parameter(values);
        parameter.DetachFromDisposeScope();
        return parameter;
    }
}

internal sealed class WeightedResidual : ResidualConnection
{
    public WeightedResidual(long dim)
        : base(nameof(WeightedResidual), dim)
    {
        var norm = nn.LayerNorm(dim);
        register_module("after", norm);
        register_parameter("gamma", OwnDesigns.Own(full(dim, 1.5f)));
        register_parameter("lambda", OwnDesigns.Own(full(dim, 0.5f)));
        Form = new ResidualForm
        {
            Shortcut = ResidualScale.Of(() => get_parameter("gamma")!, "gamma"),
            Branch = ResidualScale.Of(() => get_parameter("lambda")!, "lambda"),
            After = new ScaledNorm(norm),
        };
    }
}

internal sealed class PeriLnResidual : ResidualConnection
{
    public PeriLnResidual(ResidualPlace place)
        : base(nameof(PeriLnResidual), place.Dim)
    {
        var (before, inner) = (nn.LayerNorm(place.Dim), nn.LayerNorm(place.Dim));
        register_module("before", before);
        register_module("inner", inner);
        Form = new ResidualForm
        {
            Before = new ScaledNorm(before, 1 / Math.Sqrt(place.Layer + 1)),
            Inner = new ScaledNorm(inner),
        };
    }

    public override bool StackNeedsFinalNorm => true;
}

/// <summary>
/// The state is <c>[..., 2 dim]</c>: <c>p = LN(p + f(p))</c>, <c>d = d + f(p)</c>; the stack's output is <c>p +
/// LN(d)</c> (Xie et al. 2023).
/// </summary>
internal sealed class DualResidual : ResidualConnection
{
    private readonly LayerNorm _post;
    private readonly LayerNorm? _dual;

    public DualResidual(ResidualPlace place)
        : base(nameof(DualResidual), place.Dim)
    {
        register_module("post", _post = nn.LayerNorm(place.Dim));
        if (place.Index == place.Stack.Residuals - 1)
        {
            register_module("dual", _dual = nn.LayerNorm(place.Dim));
        }
    }

    public override Tensor BeginStack(Tensor x) => cat([x, x], -1);

    public override Tensor EndStack(Tensor state) => _dual!.forward(Part(state, 1)).add_(Part(state, 0));

    public override Tensor BranchInput(Tensor x) => Part(x, 0);

    protected override Tensor Compute(Tensor shortcut, Tensor branch) =>
        cat([_post.forward(Part(shortcut, 0) + branch), Part(shortcut, 1) + branch], -1);

    private Tensor Part(Tensor state, int number) => state.narrow(-1, (long)number * Dim, Dim);
}
