using System.Runtime.InteropServices;
using System.Security.Cryptography;
using TransformerClinic.Data;
using TransformerClinic.Model;
using TransformerClinic.Residuals;
using static TorchSharp.torch;

namespace TransformerClinic.Training;

/// <summary>Admin's profiling of a <see cref="Transformer"/>: one forward pass of one batch, before the first update.</summary>
public static class ModelProfiling
{
    /// <summary>Sets every omega of the model; null where neither stack has Admin connections.</summary>
    public static AdminProfile? Run(Transformer model, Batch batch, ProfilingOptions options, long seed, Device device)
    {
        using var scope = NewDisposeScope();
        using var noGradient = no_grad();
        var tensors = TensorBatch.Of(batch, device);
        var chains = model.ProfilingChains(tensors.Source, tensors.PreviousOutput, options.Padding == PaddingPolicy.Count);
        if (!model.Encoder.Residuals.Concat(model.Decoder.Residuals).OfType<AdminResidual>().Any())
        {
            return null;
        }

        if (options.Dropout)
        {
            model.Dropout.Begin(CounterRandom.At(seed, "profiling dropout", 0));
        }

        IReadOnlyList<ProfiledConnection> connections;
        try
        {
            connections = AdminProfiling.Run(chains, () => model.Decode(tensors.PreviousOutput, model.Encode(tensors.Source)));
        }
        finally
        {
            model.Dropout.End();
        }

        return new AdminProfile(Hash(batch), batch.Size, batch.SourceTokens, batch.TargetTokens, seed, options.Dropout, options.Padding, connections);
    }

    private static string Hash(Batch batch)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        hash.AppendData(MemoryMarshal.AsBytes<long>(batch.Source));
        hash.AppendData(MemoryMarshal.AsBytes<long>(batch.Target));
        return Convert.ToHexStringLower(hash.GetHashAndReset());
    }
}
