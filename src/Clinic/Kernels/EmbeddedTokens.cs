using System.Runtime.Intrinsics;

namespace TransformerClinic.Kernels;

/// <summary>
/// What a stack reads, in one pass over memory, and its gradient: <c>y = (s E[token] + P[place]) m</c> with a dropout
/// mask m; a place is counted from <paramref name="firstPlace"/> over the tokens of a sequence that are not padding,
/// whose place is the one before. E's row of a token gets <c>s m g</c>, in the order of the tokens.
/// </summary>
/// <param name="tokens">The tokens, sequence after sequence.</param>
/// <param name="count">How many they are.</param>
/// <param name="length">Tokens of a sequence.</param>
/// <param name="dim">Length of a row, a multiple of 16.</param>
/// <param name="scale">s</param>
/// <param name="padding">The padding token.</param>
/// <param name="firstPlace">The place of a sequence's first token.</param>
/// <param name="dropout">m; null for none.</param>
internal sealed unsafe class EmbeddedTokens(
    long* tokens,
    int count,
    int length,
    int dim,
    float scale,
    long padding,
    int firstPlace,
    DropoutMask? dropout
)
{
    private const int Width = 16;

    private readonly DropoutMask _mask = dropout ?? default;
    private readonly bool _drops = dropout is not null;

    /// <summary>Fills y from E and P.</summary>
    /// <exception cref="ArgumentOutOfRangeException">A token has no row.</exception>
    public void Forward(float* embedding, long vocabulary, float* places, float* y)
    {
        var factor = Vector512.Create(scale);
        var place = firstPlace;
        for (var i = 0; i < count; i++)
        {
            ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual((ulong)tokens[i], (ulong)vocabulary);
            place = i % length == 0 ? firstPlace : place;
            var token = embedding + (tokens[i] * dim);
            var row = places + ((long)(tokens[i] == padding ? firstPlace - 1 : place++) * dim);
            var start = (long)i * dim;
            for (var c = 0; c < dim; c += Width)
            {
                var sum = (Vector512.Load(token + c) * factor) + Vector512.Load(row + c);
                (_drops ? sum * _mask.At((uint)(start + c)) : sum).Store(y + start + c);
            }
        }
    }

    /// <summary>Adds to the gradient of E.</summary>
    public void Backward(float* gradient, float* toEmbedding)
    {
        var factor = Vector512.Create(scale);
        for (var i = 0; i < count; i++)
        {
            var to = toEmbedding + (tokens[i] * dim);
            var start = (long)i * dim;
            for (var c = 0; c < dim; c += Width)
            {
                var g = Vector512.Load(gradient + start + c);
                g = (_drops ? g * _mask.At((uint)(start + c)) : g) * factor;
                (Vector512.Load(to + c) + g).Store(to + c);
            }
        }
    }
}
