using TransformerClinic.Reproduction.Verification.Quantities;

namespace TransformerClinic.Reproduction.Verification.Checks;

/// <summary>A piece of the verification that is done in one go by one thread.</summary>
/// <param name="Name">What the names of its quantities begin with.</param>
/// <param name="Compare">Does it. Tensors that it makes belong to the dispose scope that it is called in.</param>
internal sealed record Part(string Name, Func<IEnumerable<Quantity>> Compare)
{
    /// <summary>A part that is one line without a comparison.</summary>
    public static Part Of(Quantity quantity) => new(quantity.Name, () => [quantity]);
}
