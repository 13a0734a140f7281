using System.Runtime.InteropServices;
using System.Security.Cryptography;
using TransformerClinic.Data;

namespace TransformerClinic.Training.Profiling;

/// <summary>
/// SHA-256 of the token ids of batches, source and target, padding included: batches with the same hash train the same.
/// </summary>
internal static class BatchHash
{
    /// <summary>The hash, in lower-case hexadecimal.</summary>
    public static string Of(IReadOnlyList<Batch> batches)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        foreach (var batch in batches)
        {
            hash.AppendData(MemoryMarshal.AsBytes<long>(batch.Source));
            hash.AppendData(MemoryMarshal.AsBytes<long>(batch.Target));
        }

        return Convert.ToHexStringLower(hash.GetHashAndReset());
    }
}
