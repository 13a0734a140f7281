namespace TransformerClinic.Decoding;

/// <summary>
/// How weights are stored in memory during a search. Sums, the residual stream, attention and softmax are float32 in
/// each.
/// </summary>
public enum DecodingPrecision
{
    /// <summary>As they are.</summary>
    Fp32,

    /// <summary>Rounded to bfloat16: half the memory to read at each step.</summary>
    Bf16,

    /// <summary>
    /// Rounded to 8-bit integers with a scale for each output, the output projection's to about 12 bits: a third of the
    /// memory, products of integers.
    /// </summary>
#pragma warning disable CA1720 // The name of the type is intended.
    Int8,
#pragma warning restore CA1720
}
