using TransformerClinic.Residuals.Remedies;
using static TorchSharp.torch;

namespace TransformerClinic.Residuals;

/// <summary>
/// <c>y = after(s * x + b * inner(f(before(x))))</c>: the equation of a connection, as data. x is the shortcut, f the
/// branch, s and b are factors; before, inner and after are normalizations, or nothing. Where <see
/// cref="AddsLayerInput"/> says so, the input of the layer's first sublayer is added to the sum; where there is a <see
/// cref="Sum"/>, a second stream adds up the branches, and branches may read it, too; where there is a <see
/// cref="History"/>, y is the output of the sublayer, and a layer reads a weighted sum of the outputs of all before it;
/// where there are <see cref="Streams"/>, x is what the branch reads of them, and they take b * f in the place of y.
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
    /// Whether x is the input of a layer whose last sublayer adds it once more (<see cref="AddsLayerInput"/>).
    /// </summary>
    public bool BeginsLayer { get; init; }

    /// <summary>
    /// Whether z, the shortcut of the connection that <see cref="BeginsLayer"/>, is added to the sum before the
    /// normalization: <c>after(s * x + b * inner(f) + z)</c>.
    /// </summary>
    public bool AddsLayerInput { get; init; }

    /// <summary>What the branch normalizes inside itself: part of f, which whoever makes the branch computes.</summary>
    public BranchNorm BranchNorm { get; init; }

    /// <summary>The second stream, which adds up the branches; null for none.</summary>
    public BranchSum? Sum { get; init; }

    /// <summary>The outputs of all layers so far, which layers read; null where they read only the newest.</summary>
    public LayerHistory? History { get; init; }

    /// <summary>The streams that there are in place of x; null where there is only x.</summary>
    public StreamMix? Streams { get; init; }

    /// <summary>Whether the state between sublayers is the stream x and nothing else.</summary>
    public bool HasOneStream =>
        this is { BeginsLayer: false, AddsLayerInput: false, Sum: null, History: null, Streams: null };

    /// <summary>
    /// Whether the end of the sublayer may be computed in one pass over memory, which rounds otherwise than one
    /// operator after another does, and does not run hooks of the normalization.
    /// </summary>
    public bool OnePass { get; init; } = true;

    /// <summary>Whether this is <c>LN(x + f(x))</c>, no scale having so much as a name.</summary>
    internal bool IsPostLn =>
        this is { Before: null, Inner: null, After.Factor: 1, HasOneStream: true, BranchNorm: BranchNorm.None }
        && IsNothing(Shortcut)
        && IsNothing(Branch);

    /// <summary>All its normalizations.</summary>
    internal IEnumerable<ScaledNorm> Norms =>
        new[]
        {
            Before,
            Inner,
            After,
            Sum?.Entry,
            Sum?.Read,
            Sum?.End,
            History?.Stored,
            History?.Mixed,
            Streams?.Norm,
        }.OfType<ScaledNorm>();

    /// <summary><c>before(x)</c>; x itself where there is nothing before the branch.</summary>
    internal Tensor BranchInput(Tensor x) => Before is null ? x : Before.Apply(x);

    /// <summary><c>after(s * x + b * inner(f) + z)</c>, a tensor of its own.</summary>
    /// <param name="x">The shortcut.</param>
    /// <param name="f">The branch's output.</param>
    /// <param name="z">The layer's input where it is added; null for none.</param>
    internal Tensor Compute(Tensor x, Tensor f, Tensor? z = null)
    {
        if (Inner is not null)
        {
            using var inner = Inner.Apply(f);
            return NormalizedSum(x, inner, z);
        }

        return NormalizedSum(x, f, z);
    }

    private Tensor NormalizedSum(Tensor x, Tensor f, Tensor? z)
    {
        if (After is null)
        {
            return SumOf(x, f, z);
        }

        using var sum = SumOf(x, f, z);
        return After.Apply(sum);
    }

    private Tensor SumOf(Tensor x, Tensor f, Tensor? z)
    {
        if (z is null)
        {
            return SumOf(x, f);
        }

        using var sum = SumOf(x, f);
        return sum.add(z, HeldConstants.One);
    }

    private Tensor SumOf(Tensor x, Tensor f)
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

/// <summary>
/// A stream next to x: <c>r_0 = start * x_0</c>, <c>r_i = r_{i-1} + s * b * f_i</c>. The stack's output is <c>x_n +
/// end(r_n)</c>.
/// </summary>
/// <param name="Scale">s, a constant.</param>
/// <param name="End">The normalization at the end; null in all connections but the stack's last.</param>
public sealed record BranchSum(double Scale, ScaledNorm? End)
{
    /// <summary>What r begins as, times the stack's input; s unless another number is given.</summary>
    public double Start { get; init; } = Scale;

    /// <summary>
    /// What x begins as, of the stack's input; null for the input itself, as in all connections but the stack's first.
    /// </summary>
    public ScaledNorm? Entry { get; init; }

    /// <summary>
    /// What branches read of r: their input is <c>before(x + read(r))</c>; null where they read x only.
    /// </summary>
    public ScaledNorm? Read { get; init; }
}
