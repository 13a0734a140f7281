namespace TransformerClinic.Interop.Pickle;

/// <summary>A reference to something outside of the pickle: in PyTorch's files, to a storage.</summary>
/// <param name="Id">What is referred to.</param>
internal sealed record PicklePersistentId(object? Id);
