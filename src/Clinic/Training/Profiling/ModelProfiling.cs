using TransformerClinic.Common;
using TransformerClinic.Data;
using TransformerClinic.Model;
using TransformerClinic.Residuals;
using static TorchSharp.torch;

namespace TransformerClinic.Training.Profiling;

/// <summary>
/// Admin's profiling of a <see cref="Transformer"/>: one forward pass of one batch or several, before the first update.
/// </summary>
internal static class ModelProfiling
{
    /// <summary>
    /// Sets every omega of the model from the given batches, taken together as one; null where neither stack has Admin
    /// connections. Each batch has dropout masks of its own.
    /// </summary>
    public static AdminProfile? Run(
        Transformer model,
        IReadOnlyList<Batch> batches,
        ProfilingOptions options,
        long seed,
        Device device
    )
    {
        OptionCheck.Valid(options, "training.profiling");
        if (!model.Encoder.Residuals.Concat(model.Decoder.Residuals).Any(connection => connection.IsProfiled))
        {
            return null;
        }

        using var scope = NewDisposeScope();
        try
        {
            var connections = AdminProfiler.Run(
                model,
                [.. batches.Select((batch, i) => Chunk(model, batch, options, DropoutKey(seed, i), device))]
            );
            return new AdminProfile(
                BatchHash.Of(batches),
                batches.Sum(batch => batch.Size),
                batches.Sum(batch => batch.SourceTokens),
                batches.Sum(batch => batch.TargetTokens),
                seed,
                options.Dropout,
                options.Padding,
                connections
            );
        }
        finally
        {
            model.Dropout.End();
        }
    }

    private static ulong DropoutKey(long seed, int batch) => CounterRandom.At(seed, "profiling dropout", batch);

    private static ProfilingChunk Chunk(
        Transformer model,
        Batch batch,
        ProfilingOptions options,
        ulong dropoutKey,
        Device device
    )
    {
        var tensors = TensorBatch.Of(batch, device);
        var pass = new DropoutPass(dropoutKey);
        return new ProfilingChunk(Forward)
        {
            RealPositions =
                options.Padding == PaddingPolicy.Count
                    ? new Dictionary<string, Tensor>()
                    : model.RealPositions(tensors.Source, tensors.PreviousOutput),
            Resumed = options.Dropout ? () => model.Dropout.Continue(pass) : null,
        };

        void Forward()
        {
            using var scope = NewDisposeScope();
            model.Decode(
                tensors.PreviousOutput,
                model.Encode(tensors.Source, tensors.SourceIsPadded),
                tensors.PreviousOutputIsPadded
            );
        }
    }
}
