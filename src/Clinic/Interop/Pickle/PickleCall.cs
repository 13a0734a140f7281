namespace TransformerClinic.Interop.Pickle;

/// <summary>
/// What a pickle says is to be called, with which arguments, and what is to be put into the result. It is a description
/// that is read as data: nothing is ever called.
/// </summary>
/// <param name="callee">What is to be called.</param>
/// <param name="arguments">Its arguments.</param>
internal sealed class PickleCall(PickleName callee, IReadOnlyList<object?> arguments)
{
    /// <summary>What is to be called.</summary>
    public PickleName Callee { get; } = callee;

    /// <summary>Its arguments.</summary>
    public IReadOnlyList<object?> Arguments { get; } = arguments;

    /// <summary>The state that the result is to be given; null for none.</summary>
    public object? State { get; set; }

    /// <summary>What is to be appended to the result.</summary>
    public List<object?> Items { get; } = [];

    /// <summary>What is to be set in the result, by key.</summary>
    public PickleDictionary Entries { get; } = new();
}
