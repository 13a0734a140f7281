namespace TransformerClinic.Residuals;

/// <summary>
/// A residual variant that a program defines: how a stack's connections are made. Given to a model in place of a
/// <see cref="ResidualVariant"/>, it is all that the model needs to know of it.
/// </summary>
/// <param name="Name">What reports call it, such as <c>Peri-LN</c>.</param>
/// <param name="Create">
/// Makes the connection for a place; called once per place, in forward order. The connections' <c>Dim</c> is the
/// place's, and so are the device and the type of their parameters.
/// </param>
public sealed record ResidualDesign(string Name, Func<ResidualPlace, ResidualConnection> Create)
{
    /// <inheritdoc/>
    public override string ToString() => Name;
}
