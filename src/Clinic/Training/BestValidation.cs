namespace TransformerClinic.Training;

/// <summary>The lowest validation loss so far, and how long ago it was.</summary>
/// <param name="Loss">The loss, label-smoothed, in nats a target token; null while there was no finite one.</param>
/// <param name="Update">The update after which it was measured.</param>
/// <param name="Since">Validations in a row since then, none of which was an improvement.</param>
public sealed record BestValidation(double? Loss, long Update, int Since)
{
    /// <summary>Before any validation.</summary>
    public static BestValidation None { get; } = new(null, 0, 0);

    /// <summary>
    /// What one more validation makes of it: an improvement is a loss below <c>best (1 - threshold)</c>; one that is
    /// not finite is none.
    /// </summary>
    public BestValidation After(long update, double loss, double threshold = 0) =>
        double.IsFinite(loss) && (Loss is not { } best || loss < best * (1 - threshold))
            ? new BestValidation(loss, update, 0)
            : this with
            {
                Since = Since + 1,
            };
}
