using System.Runtime.Intrinsics.X86;

namespace TransformerClinic.Kernels.Products;

/// <summary>Who made the processor: Intel's library (MKL), which libtorch multiplies by, asks it, too.</summary>
internal static class ProcessorVendor
{
    /// <summary>Whether it is Intel's: the vendor's name in leaf 0 of CPUID is <c>GenuineIntel</c>.</summary>
    public static bool IsIntel { get; } = X86Base.IsSupported && Name() == "GenuineIntel";

    private static string Name()
    {
        var (_, first, last, middle) = X86Base.CpuId(0, 0);
        Span<byte> name = stackalloc byte[3 * sizeof(int)];
        _ =
            BitConverter.TryWriteBytes(name, first)
            && BitConverter.TryWriteBytes(name[sizeof(int)..], middle)
            && BitConverter.TryWriteBytes(name[(2 * sizeof(int))..], last);
        return System.Text.Encoding.ASCII.GetString(name);
    }
}
