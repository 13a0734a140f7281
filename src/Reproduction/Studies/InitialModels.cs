using TorchSharp;
using TransformerClinic.Data;
using TransformerClinic.Diagnosis.Findings;
using TransformerClinic.Model;
using TransformerClinic.Reproduction.SmallTrainings;
using TransformerClinic.Training;

namespace TransformerClinic.Reproduction.Studies;

/// <summary>Models as at the start of their training, profiled if their variant needs it, with what they
/// read.</summary>
internal static class InitialModels
{
    /// <summary>Models of one shape on one text.</summary>
    /// <param name="shape">The shape.</param>
    /// <param name="text">The text.</param>
    /// <param name="tokens">
    /// Tokens per batch, including the batch that is profiled; an examination reads at most 1024.
    /// </param>
    public static DiagnosisSubject Of(ModelOptions shape, TaskText text, int tokens) =>
        new(
            "initial",
            shape,
            [],
            new HeldExamples(text.Train),
            text.Vocabulary,
            new TrainingOptions { TokensPerBatch = tokens },
            Load: null
        );

    /// <summary>Examines the model for a seed in float64.</summary>
    /// <param name="subject">Its shape and text.</param>
    /// <param name="seed">Its seed.</param>
    /// <param name="examine">The examination of the model and a batch with its loss.</param>
    public static T Examine<T>(DiagnosisSubject subject, long seed, Func<Transformer, Probe, T> examine)
    {
        using var model = subject.Create(subject.Model, seed);
        model.to(torch.ScalarType.Float64);
        using var probe = new Probe(subject.Batches(seed, 1)[0], subject.Smoothing);
        return examine(model, probe);
    }
}
