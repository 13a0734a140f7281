namespace TransformerClinic.Interop.Safetensors;

/// <summary>A tensor's entry in a safetensors file.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Dtype">Its element type as the format writes it, such as <c>F32</c>.</param>
/// <param name="Shape">Its shape.</param>
/// <param name="Begin">First byte, counted from the end of the header.</param>
/// <param name="End">The byte after the last.</param>
internal sealed record TensorInfo(string Name, string Dtype, long[] Shape, long Begin, long End)
{
    /// <summary>Size of an element in bytes, or 0 for a type that the format does not have.</summary>
    public static int SizeOf(string dtype) =>
        dtype switch
        {
            "F64" or "I64" or "U64" => 8,
            "F32" or "I32" or "U32" => 4,
            "F16" or "BF16" or "I16" or "U16" => 2,
            "I8" or "U8" or "BOOL" => 1,
            _ => 0,
        };

    /// <summary>Whether elements of a type of the format are values of <typeparamref name="T"/>.</summary>
    internal static bool Holds<T>(string dtype) =>
        dtype switch
        {
            "F64" => typeof(T) == typeof(double),
            "F32" => typeof(T) == typeof(float),
            "F16" => typeof(T) == typeof(Half),
            "BF16" => typeof(T) == typeof(ushort),
            "I64" => typeof(T) == typeof(long),
            "I32" => typeof(T) == typeof(int),
            "I16" => typeof(T) == typeof(short),
            "I8" => typeof(T) == typeof(sbyte),
            "U64" => typeof(T) == typeof(ulong),
            "U32" => typeof(T) == typeof(uint),
            "U16" => typeof(T) == typeof(ushort),
            "U8" => typeof(T) == typeof(byte),
            "BOOL" => typeof(T) == typeof(bool) || typeof(T) == typeof(byte),
            _ => false,
        };
}
