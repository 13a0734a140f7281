using System.Globalization;
using TransformerClinic.Common;

namespace TransformerClinic.Reports.Profiles;

/// <summary>The depth of a model, written <c>60+12</c>, or <c>18</c> where both stacks have it.</summary>
/// <param name="Encoder">Encoder layers.</param>
/// <param name="Decoder">Decoder layers.</param>
internal sealed record ModelDepth(int Encoder, int Decoder)
{
    private const int Deepest = 1000;

    /// <summary>Reads depths with commas between them.</summary>
    /// <param name="list">The depths.</param>
    /// <param name="where">Where they are, for the message.</param>
    /// <exception cref="UserErrorException">One is not a depth.</exception>
    public static IReadOnlyList<ModelDepth> ParseList(string list, string where) =>
        [
            .. list.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries)
                .Select(depth => Parse(depth, where)),
        ];

    /// <inheritdoc/>
    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"{Encoder}+{Decoder}");

    private static ModelDepth Parse(string depth, string where)
    {
        int? Layers(string text) =>
            int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var layers)
            && layers is >= 1 and <= Deepest
                ? layers
                : null;
        return depth.Split('+').Select(Layers).ToArray() switch
        {
            [{ } both] => new ModelDepth(both, both),
            [{ } encoder, { } decoder] => new ModelDepth(encoder, decoder),
            _ => throw new UserErrorException(
                $"{where}: '{depth}' is not a depth; write 18, or 60+12 for encoder and decoder, each from 1 "
                    + $"to {Deepest}."
            ),
        };
    }
}
