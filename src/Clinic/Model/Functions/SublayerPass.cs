using TorchSharp.Modules;
using TransformerClinic.Kernels;
using static TorchSharp.torch;

namespace TransformerClinic.Model.Functions;

/// <summary>
/// A sublayer in one pass, <c>y = LN(x * scale + f(x) * mask)</c>: its branch f and <see cref="NormalizedSum"/>.
/// </summary>
/// <param name="branch">f</param>
/// <param name="norm">LN</param>
/// <param name="scale">The shortcut's scale, <c>[dim]</c>; null for 1.</param>
/// <param name="mask">The branch's dropout; null for none.</param>
/// <param name="rows">Rows of x.</param>
/// <param name="dim">Length of a row.</param>
internal sealed unsafe class SublayerPass(
    IBranchPass branch,
    LayerNorm norm,
    Tensor? scale,
    DropoutMask? mask,
    int rows,
    int dim
)
{
    private readonly NormalizedSum _end = new(
        rows,
        dim,
        TensorMemory.Of<float>(scale),
        TensorMemory.Of<float>(norm.weight),
        TensorMemory.Of<float>(norm.bias),
        mask
    );

    /// <summary>
    /// How many numbers are kept for the backward pass: the branch's output, what it keeps, and two numbers per row.
    /// </summary>
    public long Kept => Rows + branch.Kept + (2L * rows);

    /// <summary>How many numbers the backward pass needs room for.</summary>
    public long Work => (2 * Rows) + (3L * dim) + branch.Work;

    /// <summary>Whether the branch reads the encoder's output, too.</summary>
    public bool ReadsMemory => branch.ReadsMemory;

    private long Rows => (long)rows * dim;

    /// <summary>Fills y, and what is kept.</summary>
    public void Forward(float* x, float* memory, float* kept, float* y)
    {
        branch.Forward(x, memory, kept + Rows, kept);
        var mean = kept + Rows + branch.Kept;
        _end.Forward<float, Float32>(x, kept, y, mean, mean + rows);
    }

    /// <summary>
    /// Replaces the gradient of y by that of x, fills that of the encoder's output where the branch reads it, and adds
    /// to those of the parameters, or fills them.
    /// </summary>
    public void Backward(float* x, float* memory, float* kept, float* gradient, float* work, float* toMemory, bool adds)
    {
        var toShortcut = work;
        var toBranch = work + Rows;
        var toParameters = work + (2 * Rows);
        BackThroughEnd(x, kept, gradient, toShortcut, toBranch, toParameters, adds);
        var found = branch.Backward(
            x,
            memory,
            kept + Rows,
            toBranch,
            toParameters + (3L * dim),
            toX: gradient,
            toMemory,
            adds
        );
        Array.ForEach(found, parameter => parameter.Keep());
        ElementwiseRow.Add(gradient, toShortcut, checked((int)Rows));
    }

    private void BackThroughEnd(
        float* x,
        float* kept,
        float* gradient,
        float* toShortcut,
        float* toBranch,
        float* toParameters,
        bool adds
    )
    {
        new Span<float>(toParameters, 3 * dim).Clear();
        var mean = kept + Rows + branch.Kept;
        var toWeight = toParameters;
        var toBias = toWeight + dim;
        var toScale = toBias + dim;
        _end.Backward<float, Float32>(
            x,
            kept,
            mean,
            mean + rows,
            gradient,
            toShortcut,
            toBranch,
            scale is null ? null : toScale,
            toWeight,
            toBias
        );
        Give(norm.weight!, toWeight, adds);
        Give(norm.bias!, toBias, adds);
        if (scale is not null)
        {
            Give(scale, toScale, adds);
        }
    }

    private void Give(Tensor parameter, float* gradient, bool adds)
    {
        var to = new ParameterGradient(parameter);
        if (!adds)
        {
            new Span<float>(to.Start, dim).Clear();
        }

        ElementwiseRow.Add(to.Start, gradient, dim);
        to.Keep();
    }
}
