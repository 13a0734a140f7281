using System.Buffers;
using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace TransformerClinic.Kernels;

/// <summary>
/// A packed matrix of integer weights: <c>W[o, k] = s_o q[o, k]</c>, <c>q = round(W / s_o)</c> from -g to g, <c>s_o =
/// max_k |W[o, k]| / g</c>. A row of inputs becomes integers in the same way, <c>x[k] = t p[k]</c>, so <c>y[o] = s_o t
/// sum_k q p + b_o</c> has an exact sum: the same on every processor.
/// </summary>
/// <typeparam name="T">How a weight is stored.</typeparam>
/// <remarks>
/// What is not finite in a weight or in an input makes outputs that are not finite. The instructions take the inputs of
/// a group at once: two of 16 bits or four of 8, one <see cref="int"/> either way.
/// </remarks>
internal abstract unsafe class QuantizedMatrix<T> : PackedMatrix
    where T : unmanaged, INumber<T>
{
    private readonly AlignedMemory<T> _panels;
    private readonly AlignedMemory<float> _scales;
    private readonly int _group;
    private readonly int _greatestWeight;

    /// <summary>Packs a weight <c>[outputs, inputs]</c>.</summary>
    /// <param name="weight">The weight.</param>
    /// <param name="bias">One value an output; null for none.</param>
    /// <param name="inputs">Columns of the weight.</param>
    /// <param name="outputs">Rows of the weight.</param>
    /// <param name="group">How many inputs' weights of an output are stored side by side.</param>
    /// <param name="greatestWeight">g, which the type has.</param>
    protected QuantizedMatrix(float* weight, float* bias, int inputs, int outputs, int group, int greatestWeight)
        : base(inputs, outputs, bias)
    {
        (_group, _greatestWeight, Groups) = (group, greatestWeight, (inputs + group - 1) / group);
        _panels = new AlignedMemory<T>((long)Panels * Groups * group * PanelWidth);
        _scales = new AlignedMemory<float>((long)Panels * PanelWidth);
        for (var o = 0; o < outputs; o++)
        {
            Pack(weight + ((long)o * inputs), o);
        }
    }

    /// <summary>Groups of inputs; what the last has too many is 0.</summary>
    protected int Groups { get; }

    /// <inheritdoc/>
    public override void Multiply(float* x, int rows, float* y)
    {
        var groups = ArrayPool<int>.Shared.Rent(rows * Groups);
        var scales = ArrayPool<float>.Shared.Rent(rows);
        fixed (int* ofGroups = groups)
        fixed (float* ofScales = scales)
        {
            for (var row = 0; row < rows; row++)
            {
                ofScales[row] = Quantize(x + ((long)row * Inputs), ofGroups + ((long)row * Groups));
            }

            var input = new QuantizedRows(ofGroups, ofScales);
            MultiplyTiles(&input, rows, y);
        }

        ArrayPool<int>.Shared.Return(groups);
        ArrayPool<float>.Shared.Return(scales);
    }

    /// <inheritdoc/>
    protected override void Tile(int panel, float* bias, void* input, int row, int count, float* to, int stride)
    {
        var rows = (QuantizedRows*)input;
        var x = rows->Groups + ((long)row * Groups);
        var scale = rows->Scales + row;
        if (count == 1)
        {
            One(panel, x, *scale, bias, to);
        }
        else
        {
            Several(panel, x, count, scale, bias, to, stride);
        }
    }

    /// <summary>Makes a row of inputs integers.</summary>
    /// <param name="row">The inputs.</param>
    /// <param name="groups">Where their groups go.</param>
    /// <returns>t</returns>
    protected abstract float Quantize(float* row, int* groups);

    /// <summary>The outputs of a panel for one row of inputs.</summary>
    /// <param name="panel">The panel.</param>
    /// <param name="x">The row's groups.</param>
    /// <param name="scale">Its t.</param>
    /// <param name="bias">The outputs' b.</param>
    /// <param name="to">Where to.</param>
    protected abstract void One(int panel, int* x, float scale, float* bias, float* to);

    /// <summary>The outputs of a panel for several rows of inputs.</summary>
    /// <param name="panel">The panel.</param>
    /// <param name="x">The rows' groups, row after row.</param>
    /// <param name="count">How many there are.</param>
    /// <param name="scale">Their t.</param>
    /// <param name="bias">The outputs' b.</param>
    /// <param name="to">Where to.</param>
    /// <param name="stride">From one row's outputs to the next one's.</param>
    protected abstract void Several(int panel, int* x, int count, float* scale, float* bias, float* to, int stride);

    /// <summary>The first weight of a panel.</summary>
    protected T* Weights(int panel) => _panels.Start + ((long)panel * Groups * _group * PanelWidth);

    /// <summary>The first weight of an output; that of input k is <see cref="PlaceOf"/> further on.</summary>
    protected T* WeightsOf(int output) => Weights(output / PanelWidth) + (output % PanelWidth * _group);

    /// <summary>How far the weight of an input is from an output's first.</summary>
    protected long PlaceOf(int k) => ((long)(k / _group) * _group * PanelWidth) + (k % _group);

    /// <summary>The scales of a panel's outputs.</summary>
    protected float* Scales(int panel) => _scales.Start + (panel * PanelWidth);

    /// <summary>Stores sixteen outputs.</summary>
    /// <param name="sums"><c>sum_k q p</c></param>
    /// <param name="scale">t</param>
    /// <param name="scales">Their s.</param>
    /// <param name="bias">Their b.</param>
    /// <param name="to">Where to.</param>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    protected static void Store(Vector512<int> sums, float scale, float* scales, float* bias, float* to) =>
        Vector512
            .FusedMultiplyAdd(
                Vector512.ConvertToSingle(sums),
                Vector512.Load(scales) * Vector512.Create(scale),
                Vector512.Load(bias)
            )
            .Store(to);

    private void Pack(float* row, int output)
    {
        var greatest = 0f;
        for (var k = 0; k < Inputs; k++)
        {
            greatest = MathF.Max(greatest, MathF.Abs(row[k]));
        }

        var scale = greatest / _greatestWeight;
        Scales(output / PanelWidth)[output % PanelWidth] = scale;
        var to = WeightsOf(output);
        for (var k = 0; k < Inputs && scale > 0 && float.IsFinite(scale); k++)
        {
            to[PlaceOf(k)] = T.CreateTruncating(
                Math.Clamp(MathF.Round(row[k] / scale), -_greatestWeight, _greatestWeight)
            );
        }
    }

    private readonly struct QuantizedRows(int* groups, float* scales)
    {
        public int* Groups => groups;

        public float* Scales => scales;
    }
}
