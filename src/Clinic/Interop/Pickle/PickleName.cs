namespace TransformerClinic.Interop.Pickle;

/// <summary>
/// A name in a pickle, such as <c>torch.FloatStorage</c>. It is only a name: nothing is ever looked up.
/// </summary>
/// <param name="Module">The module, such as <c>torch</c>.</param>
/// <param name="Name">The name in the module.</param>
internal sealed record PickleName(string Module, string Name)
{
    /// <summary>Module and name.</summary>
    public string Full => $"{Module}.{Name}";
}
