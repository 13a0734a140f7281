using TransformerClinic.Kernels;
using TransformerClinic.Model;

namespace TransformerClinic.Decoding.Packed;

/// <summary>
/// Rows of the table that <see cref="SinusoidalPositions"/> describes: a model's own, or, where there is no libtorch,
/// computed when they are first read. Its sines are in float64 and rounded once; libtorch's differ from them by
/// rounding, one way on one processor and another way on another. Several threads may read.
/// </summary>
internal sealed unsafe class PositionRows
{
    private const int AtOnce = 64;
    private readonly int _places;
    private readonly int _dim;
    private readonly float* _start;
    private readonly object _owner;
    private readonly Lock _filling = new();
    private readonly float[] _frequencies = [];
    private readonly int _first;
    private volatile int _filled;

    private PositionRows(float* start, int places, int dim, object owner)
    {
        _start = start;
        (_places, _dim, _owner, _filled) = (places, dim, owner, places);
    }

    /// <summary>Rows that are computed.</summary>
    /// <param name="places">Tokens of the longest sequence.</param>
    /// <param name="dim">Numbers of a row.</param>
    /// <param name="formula">What they are.</param>
    public PositionRows(int places, int dim, PositionFormula formula)
    {
        var memory = new AlignedMemory<float>((long)places * dim);
        _start = memory.Start;
        (_places, _dim, _owner) = (places, dim, memory);
        var half = dim / 2;
        var steps = formula == PositionFormula.HuggingFace ? half : Math.Max(half - 1, 1);
        var step = (float)(-Math.Log(10000) / steps);
        _frequencies = [.. Enumerable.Range(0, half).Select(i => (float)Math.Exp(i * step))];
        _first = formula == PositionFormula.Fairseq ? SinusoidalPositions.FirstRow : 0;
    }

    /// <summary>The rows of a model's table.</summary>
    public static PositionRows Of(SinusoidalPositions positions)
    {
        var table = positions.Table;
        var dim = (int)table.shape[1];
        var first = TensorMemory.Of<float>(table) + ((long)SinusoidalPositions.FirstRow * dim);
        return new PositionRows(first, positions.MaxPositions, dim, table);
    }

    /// <summary>The row <c>[dim]</c> of a place in a sequence, from 0.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The table ends before it.</exception>
    public float* this[int place]
    {
        get
        {
            if (place >= _filled)
            {
                Fill(place);
            }

            return _start + ((long)place * _dim);
        }
    }

    private void Fill(int place)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual(place, _places);
        lock (_filling)
        {
            while (_filled <= place)
            {
                var end = Math.Min(_filled + AtOnce, _places);
                for (var row = _filled; row < end; row++)
                {
                    Fill(row + _first, _start + ((long)row * _dim));
                }

                _filled = end;
            }
        }

        GC.KeepAlive(_owner);
    }

    private void Fill(float row, float* to)
    {
        var half = _frequencies.Length;
        for (var i = 0; i < half; i++)
        {
            var (sine, cosine) = Math.SinCos(row * _frequencies[i]);
            (to[i], to[half + i]) = ((float)sine, (float)cosine);
        }
    }
}
