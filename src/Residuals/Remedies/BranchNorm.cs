namespace TransformerClinic.Residuals.Remedies;

/// <summary>
/// What a branch normalizes inside itself. A connection only states it, with <see cref="ResidualForm.BranchNorm"/>:
/// whoever makes the branch reads it there and has the normalizations.
/// </summary>
public enum BranchNorm
{
    /// <summary>Nothing.</summary>
    None,

    /// <summary>
    /// What its last matrix reads: attention's heads put together, <c>[..., dim]</c>, or the feed-forward network's
    /// hidden layer, <c>[..., hidden]</c>, after dropout.
    /// </summary>
    BeforeOutput,

    /// <summary>
    /// Attention's queries, keys and values, each head by itself, <c>[..., dim/heads]</c>: three normalizations, which
    /// all heads share.
    /// </summary>
    Heads,
}
