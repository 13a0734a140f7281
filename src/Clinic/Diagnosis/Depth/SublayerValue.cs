namespace TransformerClinic.Diagnosis.Depth;

/// <summary>A measured number and the sublayer that it is of.</summary>
/// <param name="Place">The sublayer.</param>
/// <param name="Value">The number.</param>
internal sealed record SublayerValue(SublayerPlace Place, double Value);
