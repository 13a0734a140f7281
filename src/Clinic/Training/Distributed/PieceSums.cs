using TransformerClinic.Common;
using static TorchSharp.torch;

namespace TransformerClinic.Training.Distributed;

/// <summary>What the workers found for pieces of an update.</summary>
/// <param name="pending">Each piece's loss, which a device may still be computing.</param>
/// <param name="gradients">
/// Their gradients, added up as far as the tree allows; valid until the next pieces.
/// </param>
/// <param name="squares">
/// The sum of squares of each block of a whole update's gradient (<see cref="BlockNorm"/>); null where nobody has
/// added it up yet.
/// </param>
internal sealed class PieceSums(
    IReadOnlyList<PendingLoss> pending,
    IReadOnlyList<(PieceNode Node, Tensor Sum)> gradients,
    double[]? squares = null
)
{
    private IReadOnlyList<PieceLoss>? _losses;

    /// <summary>Each piece's loss; the first time, waits until the device has computed it.</summary>
    public IReadOnlyList<PieceLoss> Losses => _losses ??= [.. pending.Select(loss => loss.Read())];

    /// <summary>Their gradients, added up as far as the tree allows; valid until the next pieces.</summary>
    public IReadOnlyList<(PieceNode Node, Tensor Sum)> Gradients => gradients;

    /// <summary>
    /// The sum of squares of each block of a whole update's gradient; null where nobody has added it up yet.
    /// </summary>
    public double[]? Squares => squares;
}

/// <summary>A piece's loss, which a device may still be computing.</summary>
/// <param name="Sums">Label-smoothed cross-entropy and negative log-likelihood; null for a piece without rows.</param>
/// <param name="Tokens">Target tokens, padding not counted.</param>
internal readonly record struct PendingLoss(DeviceNumbers? Sums, int Tokens)
{
    /// <summary>The loss; waits for the device.</summary>
    public PieceLoss Read() => Sums is null ? default : new PieceLoss(Sums[0], Sums[1], Tokens);
}
