using static TorchSharp.torch;

namespace TransformerClinic.Residuals;

/// <summary>
/// <c>y = after(s * x + b * inner(f(before(x))))</c>: the equation of a connection, as data. x is the shortcut, f the
/// branch, s and b are factors; before, inner and after are normalizations, or nothing.
/// </summary>
/// <remarks>
/// Whatever needs to know a variant reads this, not its type: the one-pass kernel, packed decoding, folding, diagnosis,
/// prediction and statistics.
/// </remarks>
public sealed record ResidualForm
{
    /// <summary>What the branch's input goes through; null for nothing.</summary>
    public ScaledNorm? Before { get; init; }

    /// <summary>What the branch's output goes through before it is added; null for nothing.</summary>
    public ScaledNorm? Inner { get; init; }

    /// <summary>What the sum goes through; null for nothing.</summary>
    public ScaledNorm? After { get; init; }

    /// <summary>s, the shortcut's factor.</summary>
    public ResidualScale Shortcut { get; init; } = ResidualScale.One;

    /// <summary>b, the branch's factor.</summary>
    public ResidualScale Branch { get; init; } = ResidualScale.One;

    /// <summary>
    /// Whether the end of the sublayer may be computed in one pass over memory, which rounds otherwise than one
    /// operator after another does, and does not run hooks of the normalization.
    /// </summary>
    public bool OnePass { get; init; } = true;

    /// <summary>Whether this is <c>LN(x + f(x))</c>, no scale having so much as a name.</summary>
    internal bool IsPostLn =>
        this is { Before: null, Inner: null, After.Factor: 1 } && IsNothing(Shortcut) && IsNothing(Branch);

    /// <summary><c>before(x)</c>; x itself where there is nothing before the branch.</summary>
    internal Tensor BranchInput(Tensor x) => Before is null ? x : Before.Apply(x);

    /// <summary><c>after(s * x + b * inner(f))</c>, a tensor of its own.</summary>
    internal Tensor Compute(Tensor x, Tensor f)
    {
        if (Inner is not null)
        {
            using var inner = Inner.Apply(f);
            return NormalizedSum(x, inner);
        }

        return NormalizedSum(x, f);
    }

    private Tensor NormalizedSum(Tensor x, Tensor f)
    {
        if (After is null)
        {
            return Sum(x, f);
        }

        using var sum = Sum(x, f);
        return After.Apply(sum);
    }

    private Tensor Sum(Tensor x, Tensor f)
    {
        if (Branch.IsOne)
        {
            return Shortcut.IsOne ? x.add(f, HeldConstants.One) : Shortcut.AddTo(f, x);
        }

        if (Shortcut.IsOne)
        {
            return Branch.AddTo(x, f);
        }

        using var scaled = Branch.Times(f);
        return Shortcut.AddTo(scaled, x);
    }

    private static bool IsNothing(ResidualScale scale) => scale is { IsOne: true, Name: null };
}
