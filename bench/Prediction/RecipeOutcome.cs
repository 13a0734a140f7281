using TorchSharp;
using TransformerClinic.Diagnosis.Findings;
using TransformerClinic.Workflows;
using TransformerClinic.Workflows.Diagnoses;
using static TorchSharp.torch;

namespace TransformerClinic.Bench.Prediction;

/// <summary>How trainings of a shipped recipe ended, as <c>docs/results.md</c> has it.</summary>
/// <param name="Recipe">The recipe's file.</param>
/// <param name="Overrides">What was changed in it.</param>
/// <param name="Losses">
/// By seed, the final loss on the validation set, in nats per target token: the logarithm of the perplexity there.
/// </param>
/// <param name="GuessNll">The loss of word frequencies.</param>
internal sealed record RecipeOutcome(
    string Recipe,
    IReadOnlyList<string> Overrides,
    IReadOnlyDictionary<long, double> Losses,
    double GuessNll
)
{
    private const double WordFrequencies = 6.305;

    /// <summary>All of them.</summary>
    public static IReadOnlyList<RecipeOutcome> All { get; } =
    [
        Compared("post-ln", 6.679, 6.468, 6.674),
        Compared("pre-ln", 5.133, 5.144, 5.129),
        Compared("admin", 5.344, 5.351, 5.334),
        Quickstart(9.86),
        Quickstart(44.8, "model.encoder.layers=12"),
        Quickstart(56.7, "model.encoder.layers=18", "model.dropout=0.05", "training.schedule.learningRate=2e-3"),
        Quickstart(
            131.3,
            "model.encoder.layers=18",
            "model.decoder.layers=18",
            "model.dim=64",
            "model.dropout=0",
            "training.schedule.learningRate=2e-3"
        ),
    ];

    /// <summary>The trainings with what was measured before each.</summary>
    public IEnumerable<(KnownTraining Known, TrainingSigns Signs)> Measure()
    {
        var options = new DiagnosisOptions
        {
            Subject = Recipe,
            Overrides = Overrides,
            Output = "runs/bench-prediction",
            Seeds = [.. Losses.Keys],
        };
        var subject = new SubjectFinder(options, new LineConsole(null), CancellationToken.None).Find();
        foreach (var (seed, nll) in Losses)
        {
            using var model = subject.Create(subject.Model, seed);
            model.to(ScalarType.Float64);
            using var probe = new Probe(subject.Batches(seed, 1)[0], subject.Smoothing);
            yield return (
                new KnownTraining(
                    Path.GetFileName(Recipe),
                    subject.Model.Encoder,
                    subject.Model.Decoder,
                    subject.Training!,
                    seed,
                    nll < GuessNll - Reproduction.SmallTrainings.TrainingOutcome.Learned,
                    nll
                ),
                TrainingSigns.Of(model, probe, subject.Training!, PredictionRule.Fitted.Horizon)!
            );
        }
    }

    private static RecipeOutcome Compared(string variant, params double[] losses) =>
        new(
            "recipes/compare-18l.yaml",
            [$"model.encoder.variant={variant}", $"model.decoder.variant={variant}"],
            losses.Index().ToDictionary(loss => loss.Index + 1L, loss => loss.Item),
            WordFrequencies
        );

    /// <summary>The quickstart as it was then, with other settings.</summary>
    private static RecipeOutcome Quickstart(double perplexity, params string[] overrides) =>
        new(
            "recipes/quickstart.yaml",
            ["model.encoder.layers=6", "model.decoder.layers=3", "training.schedule.name=inverse-sqrt", .. overrides],
            new Dictionary<long, double> { [1] = Math.Log(perplexity) },
            WordFrequencies
        );
}
