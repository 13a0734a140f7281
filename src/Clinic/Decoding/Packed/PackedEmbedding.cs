using TransformerClinic.Kernels;

namespace TransformerClinic.Decoding.Packed;

/// <summary>A stack's input: <c>sqrt(dim) * E[token] + P[position]</c>. Reads the matrix where it is.</summary>
/// <param name="embedding">E.</param>
/// <param name="positions">P.</param>
/// <param name="dim">Width of the stream.</param>
/// <param name="zeroStart">Whether the input at the place 0 is <c>P[0]</c>, whatever token is there.</param>
internal sealed unsafe class PackedEmbedding(WeightMemory embedding, PositionRows positions, int dim, bool zeroStart)
{
    private readonly float _scale = (float)Math.Sqrt(dim);

    /// <summary>
    /// Fills rows <c>[tokens, dim]</c>: token i has the place <c>first + i * step</c> in its sequence, from 0.
    /// </summary>
    public void Fill(ReadOnlySpan<int> tokens, int first, int step, float* rows)
    {
        var matrix = embedding.Start;
        for (var i = 0; i < tokens.Length; i++, rows += dim)
        {
            var place = first + (i * step);
            if (zeroStart && place == 0)
            {
                new Span<float>(rows, dim).Clear();
            }
            else
            {
                ElementwiseRow.Scale(matrix + ((long)tokens[i] * dim), _scale, dim, rows);
            }

            ElementwiseRow.Add(rows, positions[place], dim);
        }
    }
}
