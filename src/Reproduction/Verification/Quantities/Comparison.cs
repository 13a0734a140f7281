using static TorchSharp.torch;

namespace TransformerClinic.Reproduction.Verification.Quantities;

/// <summary>
/// Gathers the pieces of one quantity, such as the gradients of all parameters, and finds the worst piece. Each piece
/// is measured separately: the values of a large tensor do not hide a small one.
/// </summary>
internal sealed class Comparison(string name)
{
    private readonly List<string> _failures = [];
    private Tolerance? _tolerance;
    private (double Share, string Where) _worst = (-1, "");
    private double _absolute;
    private double _relative;

    /// <summary>Pieces so far.</summary>
    public int Pieces { get; private set; }

    /// <summary>Adds a piece.</summary>
    /// <param name="where">Its name.</param>
    /// <param name="expected">The reference's.</param>
    /// <param name="found">Ours.</param>
    /// <param name="tolerance">What is allowed.</param>
    /// <param name="scale">What a difference is relative to if all expected values are smaller.</param>
    public void Add(string where, Tensor expected, Tensor found, Tolerance tolerance, double scale = 0)
    {
        if (!expected.shape.SequenceEqual(found.shape))
        {
            Fail($"{where} is [{string.Join(", ", found.shape)}] instead of [{string.Join(", ", expected.shape)}]");
            return;
        }

        Pieces++;
        var difference = Difference.Of(expected, found).RelativeTo(scale);
        (_absolute, _relative) = (Math.Max(_absolute, difference.Absolute), Math.Max(_relative, difference.Relative));
        var measured = tolerance.Of(difference);
        var share = measured == 0 ? 0 : measured / tolerance.Bound;
        if (share > _worst.Share)
        {
            (_worst, _tolerance) = ((share, where), tolerance);
        }
    }

    /// <summary>Adds a series of numbers as one piece, such as the loss of every update.</summary>
    public void Add(
        string where,
        IReadOnlyList<double> expected,
        IReadOnlyList<double> found,
        Tolerance tolerance,
        double scale = 0
    )
    {
        using var scope = NewDisposeScope();
        Add(where, tensor(expected.ToArray()), tensor(found.ToArray()), tolerance, scale);
    }

    /// <summary>Adds a number.</summary>
    public void Add(string where, double expected, double found, Tolerance tolerance, double scale = 0) =>
        Add(where, [expected], [found], tolerance, scale);

    /// <summary>
    /// Adds a piece that is not a number and must be identical; <paramref name="difference"/> is null if it is.
    /// </summary>
    public void Same(string? difference)
    {
        if (difference is null)
        {
            Pieces++;
        }
        else
        {
            Fail(difference);
        }
    }

    /// <summary>Records that a piece could not be compared because it is not what it should be.</summary>
    public void Fail(string why)
    {
        Pieces++;
        _failures.Add(why);
    }

    /// <summary>The quantity; if there are several pieces, the worst is named.</summary>
    public Quantity Result(string detail = "")
    {
        var holds = _failures.Count == 0 && _worst.Share <= 1;
        string[] details = [.. _failures, Pieces > 1 && _worst.Share > 0 ? $"largest: {_worst.Where}" : "", detail];
        return new Quantity(
            name,
            Finite(_absolute),
            Finite(_relative),
            (_tolerance ?? Tolerances.Identical).ToString(),
            holds ? Verdict.Holds : Verdict.Fails,
            string.Join("; ", details.Where(text => text.Length > 0))
        );
    }

    private double? Finite(double value) => _worst.Share >= 0 && double.IsFinite(value) ? value : null;
}
