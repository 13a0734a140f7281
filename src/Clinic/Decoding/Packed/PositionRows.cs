using TransformerClinic.Kernels;
using TransformerClinic.Model;

namespace TransformerClinic.Decoding.Packed;

/// <summary>
/// Rows of the table that <see cref="SinusoidalPositions"/> describes: a model's own, or the same computed when they
/// are first read. Several threads may read.
/// </summary>
internal sealed unsafe class PositionRows
{
    private const int AtOnce = 64;
    private readonly int _places;
    private readonly int _dim;
    private readonly float* _start;
    private readonly object _owner;
    private readonly Lock _filling = new();
    private readonly PositionSines? _sines;
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
        _sines = new PositionSines(dim, formula);
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
                    _sines!.Fill(row + _sines.First, new Span<float>(_start + ((long)row * _dim), _dim));
                }

                _filled = end;
            }
        }

        GC.KeepAlive(_owner);
    }
}
