using TransformerClinic.Reproduction.Verification.Quantities;

namespace TransformerClinic.Reproduction.Verification.Checks;

/// <summary>A piece of the verification that one thread does in one go.</summary>
/// <param name="Name">The start of its quantities' names.</param>
/// <param name="Compare">Does it. Tensors that it creates belong to the dispose scope in which it is called.</param>
internal sealed record Part(string Name, Func<IEnumerable<Quantity>> Compare)
{
    /// <summary>A part that is only one line without a comparison.</summary>
    public static Part Of(Quantity quantity) => new(quantity.Name, () => [quantity]);
}
