namespace TransformerClinic.Interop.Pickle;

/// <summary>A pickle asks for a call that a checkpoint has no reason to make.</summary>
internal sealed class PickleCallException(string name) : FormatException($"it calls {name}")
{
    /// <summary>What it calls.</summary>
    public string Callee { get; } = name;
}
