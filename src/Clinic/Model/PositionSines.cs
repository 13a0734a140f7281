namespace TransformerClinic.Model;

/// <summary>
/// The sines and cosines of positions: <c>[sin(p w_0) .. sin(p w_{h-1}), cos(p w_0) .. cos(p w_{h-1})]</c>, <c>h =
/// dim/2</c>, <c>w_i = exp(-i ln(10000) / (h-1))</c>, or <c>/ h</c> by Hugging Face's formula. Frequencies and angles
/// are float32, as in fairseq; their sines are computed in float64 and rounded once, so that they are the same with and
/// without libtorch, whose sines depend on the processor.
/// </summary>
internal sealed class PositionSines
{
    private readonly float[] _frequencies;

    /// <summary>Sines for rows of a width by a formula.</summary>
    public PositionSines(int dim, PositionFormula formula)
    {
        var half = dim / 2;
        var steps = formula == PositionFormula.HuggingFace ? half : Math.Max(half - 1, 1);
        var step = (float)(-Math.Log(10000) / steps);
        _frequencies = [.. Enumerable.Range(0, half).Select(i => (float)Math.Exp(i * step))];
        Width = 2 * half;
        First = formula == PositionFormula.Fairseq ? SinusoidalPositions.FirstRow : 0;
    }

    /// <summary>Numbers of a row.</summary>
    public int Width { get; }

    /// <summary>The position of a sequence's first token.</summary>
    public int First { get; }

    /// <summary>Writes the row of a position, <see cref="Width"/> numbers.</summary>
    public void Fill(float position, Span<float> to)
    {
        var half = _frequencies.Length;
        for (var i = 0; i < half; i++)
        {
            var (sine, cosine) = Math.SinCos(position * _frequencies[i]);
            (to[i], to[half + i]) = ((float)sine, (float)cosine);
        }
    }
}
