using TransformerClinic.Model;

namespace TransformerClinic.Folding;

/// <summary>A model after folding.</summary>
/// <param name="Model">The plain Post-LN model, in float64. Owned by the receiver.</param>
/// <param name="Stacks">What was folded, encoder first.</param>
public sealed record FoldedModel(Transformer Model, IReadOnlyList<StackFolding> Stacks);
