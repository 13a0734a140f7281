using System.Globalization;
using TransformerClinic.Residuals;
using TransformerClinic.Residuals.Remedies;
using static TorchSharp.torch;
using LayerNorm = TorchSharp.Modules.LayerNorm;

namespace TransformerClinic.Folding;

/// <summary>Why a sublayer cannot be folded.</summary>
internal static class FoldingObstacle
{
    /// <summary>
    /// <c>2^-64</c>; scales must be between it and its inverse. Folding multiplies gains and divides weights by a
    /// scale, and float32 loses no precision by that as long as the results are normal numbers, from <c>2^-126</c> to
    /// <c>2^128</c>: this leaves <c>2^-62</c> to <c>2^62</c> to what is multiplied and divided.
    /// </summary>
    public static readonly double SmallestScale = Math.ScaleB(1, -64);

    /// <summary>The first obstacle in forward order, or null.</summary>
    public static string? FirstOf(IEnumerable<FoldableSublayer> sublayers) =>
        sublayers
            .Select(sublayer => Of(sublayer.Connection) is { } reason ? $"{sublayer.Address}: {reason}" : null)
            .FirstOrDefault(obstacle => obstacle is not null);

    private static string? Of(ResidualConnection connection) =>
        connection.Form switch
        {
            null => $"{connection.GetType().Name} computes more than the equation of one stream, so it is not known "
                + "what a plain model would have to compute.",
            { AddsLayerInput: true } or { BeginsLayer: true } =>
                $"{connection.GetType().Name} adds the layer's input to the sum of the layer's last sublayer, which "
                    + "plain Post-LN does not.",
            { Sum: not null } =>
                $"{connection.GetType().Name} has a second stream, which adds up the branches; plain Post-LN has one.",
            { Streams: not null } =>
                $"{connection.GetType().Name} has several streams, which it mixes; plain Post-LN has one.",
            { History: not null } =>
                $"{connection.GetType().Name} has layers that read the outputs of all layers before them; those of "
                    + "plain Post-LN read only the newest.",
            { BranchNorm: not BranchNorm.None } =>
                $"{connection.GetType().Name} has branches that normalize inside themselves, which plain Post-LN does "
                    + "not have.",
            { After: null } =>
                $"{connection.GetType().Name} does not normalize the sum of shortcut and branch, so no normalization "
                    + "can take its scale; only the variants of the Post-LN family do.",
            { Before: not null } =>
                $"{connection.GetType().Name} normalizes what its branch reads, which plain Post-LN does not.",
            { Inner: not null } =>
                $"{connection.GetType().Name} normalizes what its branch writes, which plain Post-LN does not.",
            { After: var after } form => OfNorm(after.Module)
                ?? OfBranchScale(form.Branch.Values(connection.Dim))
                ?? form.Shortcut.Values(connection.Dim)
                    .Select(OfShortcutScale)
                    .FirstOrDefault(reason => reason is not null),
        };

    private static string? OfNorm(nn.Module norm) =>
        norm switch
        {
            not LayerNorm =>
                $"its normalization is of the type {norm.GetType().Name}; only a layer normalization with gain and "
                    + "bias takes a scale.",
            LayerNorm { weight: null } or LayerNorm { bias: null } =>
                "its layer normalization has no gain or no bias, which would take the next sublayer's scale.",
            LayerNorm { eps: not ScaledNorm.UsualEpsilon } other => string.Create(
                CultureInfo.InvariantCulture,
                $"its layer normalization adds {other.eps} to the variance, plain Post-LN {ScaledNorm.UsualEpsilon}."
            ),
            _ => null,
        };

    private static string? OfBranchScale(double[] scale) =>
        scale.All(double.IsFinite)
            ? null
            : FormattableString.Invariant(
                $"the branch's scale is {scale.First(value => !double.IsFinite(value))}: the model is damaged, or its "
            ) + "training diverged.";

    private static string? OfShortcutScale(double scale, int channel) =>
        Math.Abs(scale) switch
        {
            0 => $"the shortcut's scale is 0 in channel {channel}: the shortcut drops what the branch reads there, "
                + "and no division brings it back.",
            double.NaN or double.PositiveInfinity => FormattableString.Invariant(
                $"the shortcut's scale is {scale} in channel {channel}: the model is damaged, or its training diverged."
            ),
            var size when size < SmallestScale || size > 1 / SmallestScale => string.Create(
                CultureInfo.InvariantCulture,
                $"the shortcut's scale is {scale:g3} in channel {channel}, beyond {SmallestScale:g3} to "
                    + $"{1 / SmallestScale:g3}: float32 could not hold the weights divided by it."
            ),
            _ => null,
        };
}
