using static TorchSharp.torch;

namespace TransformerClinic.Bench.Growth;

/// <summary>The memory that a training uses after an update and a garbage collection.</summary>
/// <param name="Update">Updates made.</param>
/// <param name="Tensors">Live tensors of the process.</param>
/// <param name="ManagedBytes">The managed heap.</param>
/// <param name="ResidentBytes">Resident memory of the process.</param>
internal sealed record MemoryInUse(long Update, long Tensors, long ManagedBytes, long ResidentBytes)
{
    /// <summary>Measures.</summary>
    public static MemoryInUse After(long update)
    {
        GC.Collect();
        GC.WaitForPendingFinalizers();
        GC.Collect();
        return new MemoryInUse(
            update,
            Tensor.TotalCount,
            GC.GetTotalMemory(forceFullCollection: true),
            Environment.WorkingSet
        );
    }
}
