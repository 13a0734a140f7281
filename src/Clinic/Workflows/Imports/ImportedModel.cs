using TransformerClinic.Files;
using TransformerClinic.Interop.Safetensors;
using TransformerClinic.Model;
using TransformerClinic.Runs;
using TransformerClinic.Text;
using static TorchSharp.torch;

namespace TransformerClinic.Workflows.Imports;

/// <summary>A model that another program trained, as our model folder.</summary>
internal static class ImportedModel
{
    /// <summary>The first parameter with a value that is not a finite number; null if there is none.</summary>
    public static string? NotANumber(Transformer model)
    {
        using var scope = NewDisposeScope();
        return model
            .named_parameters()
            .Where(entry => !Embeddings.MayRuleOut(entry.name) && !entry.parameter.isfinite().all().item<bool>())
            .Select(entry => entry.name)
            .FirstOrDefault();
    }

    /// <summary>Writes the folder with the record of where the model is from, whole or not at all.</summary>
    /// <exception cref="OperationCanceledException">The token was canceled; nothing was written.</exception>
    public static void Write(
        string folder,
        ModelConfig config,
        SubwordModel subwords,
        Transformer model,
        ModelOrigin origin,
        CancellationToken stop
    )
    {
        TrainedModel.Save(
            folder,
            config,
            subwords,
            stream => ModuleWeights.Write(stream, model),
            temporary =>
            {
                Json.Write(Path.Combine(temporary, ModelOrigin.FileName), origin);
                return !stop.IsCancellationRequested;
            }
        );
        stop.ThrowIfCancellationRequested();
    }
}
