namespace TransformerClinic.Training.Optimizers;

/// <summary>One parameter's place in the flat buffers.</summary>
/// <param name="Name">Its name in the model.</param>
/// <param name="Shape">Its shape.</param>
/// <param name="Offset">Its first element.</param>
/// <param name="Count">Its elements.</param>
public sealed record ParameterSlot(string Name, long[] Shape, long Offset, long Count);
