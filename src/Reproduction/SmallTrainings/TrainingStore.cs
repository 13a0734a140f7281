using System.Text;
using TransformerClinic.Common;
using TransformerClinic.Files;
using TransformerClinic.Interop.Safetensors;
using TransformerClinic.Model;
using static TorchSharp.torch;

namespace TransformerClinic.Reproduction.SmallTrainings;

/// <summary>
/// Finished small trainings in a folder, each under a name determined by all its settings, so that none runs twice.
/// </summary>
/// <param name="folder">The folder.</param>
/// <param name="device">Where trainings run; null for the processor.</param>
internal sealed class TrainingStore(string folder, Device? device = null)
{
    private const int NameLength = 16;

    /// <summary>Whether a training is finished, including its weights if it keeps them.</summary>
    public bool Has(SmallTraining training) =>
        File.Exists(OutcomePath(training)) && (!training.KeepsWeights || File.Exists(WeightsPath(training)));

    /// <summary>The result of a finished training.</summary>
    public TrainingOutcome Read(SmallTraining training)
    {
        var outcome = Json.Read<TrainingOutcome>(OutcomePath(training));
        return outcome with { Training = outcome.Training with { KeepsWeights = training.KeepsWeights } };
    }

    /// <summary>Runs a training and stores its result.</summary>
    /// <exception cref="OperationCanceledException">
    /// The token was canceled; nothing of the training is kept.
    /// </exception>
    public void Make(SmallTraining training, TaskText text, SharedCount done, CancellationToken stop)
    {
        Directory.CreateDirectory(folder);
        using var session = new TrainingSession(training, text, device);
        var outcome = session.Run(report => done.Add(1, $"nll {Numbers.Fixed(report.Nll, decimals: 2)}"), stop);
        if (training.KeepsWeights)
        {
            AtomicFile.Write(WeightsPath(training), stream => ModuleWeights.Write(stream, session.Model), stop);
        }

        Json.Write(OutcomePath(training), outcome);
        done.Add(training.Training.MaxUpdates - outcome.Updates);
    }

    /// <summary>A model with the weights of a finished training.</summary>
    public Transformer Load(SmallTraining training, TaskText text)
    {
        var model = new Transformer(training.Model, text.Vocabulary, Text.Vocabulary.Pad, training.Seed);
        var path = WeightsPath(training);
        using var file = SafetensorsFile.Open(path);
        ModuleWeights.Read(file, path, model);
        return model;
    }

    private string OutcomePath(SmallTraining training) => Path.Combine(folder, $"{Name(training)}.json");

    private string WeightsPath(SmallTraining training) => Path.Combine(folder, $"{Name(training)}.safetensors");

    private static string Name(SmallTraining training) =>
        ContentHash.Of(Encoding.UTF8.GetBytes(Json.Line(training)))[..NameLength];
}
