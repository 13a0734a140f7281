using TorchSharp;
using TransformerClinic.Common;
using TransformerClinic.Diagnosis.Depth;
using TransformerClinic.Model;
using static TorchSharp.torch;

namespace TransformerClinic.Diagnosis.Findings;

/// <summary>All that is measured of one model, in float64 and without dropout.</summary>
/// <param name="Seed">The model's seed.</param>
/// <param name="Dependency">Its residual dependency.</param>
/// <param name="Gradients">Its gradient norms.</param>
/// <param name="Activity">Activation magnitudes, attention entropy, dead units.</param>
/// <param name="ByRandomSigns">Its output changes by random perturbations.</param>
/// <param name="ByGradientSigns">Its output change by a step down the loss.</param>
internal sealed record Examination(
    long Seed,
    ResidualDependency Dependency,
    GradientBalance Gradients,
    ModelActivity Activity,
    IReadOnlyList<ModelOutputChange> ByRandomSigns,
    ModelOutputChange ByGradientSigns
)
{
    /// <summary>How alike tokens are, sublayer by sublayer.</summary>
    public required IReadOnlyList<SublayerValue> Similarities { get; init; }

    /// <summary>The variances of states and branches.</summary>
    public required IReadOnlyList<StateVariance> Variances { get; init; }

    /// <summary>The true gradient against what only the shortcuts would bring.</summary>
    public required IReadOnlyList<ShortcutGradient> ShortcutGradients { get; init; }

    // Dead units are only those that no batch wakes.
    private const int ActivityBatches = 4;

    /// <summary>Examines the model of a seed.</summary>
    internal static Examination Of(DiagnosisSubject subject, long seed, int perturbations)
    {
        using var model = subject.Create(subject.Model, seed);
        model.to(ScalarType.Float64);
        List<Probe> probes =
        [
            .. subject
                .Batches(seed, ActivityBatches)
                .Select(batch => new Probe(batch, subject.Smoothing, subject.Device)),
        ];
        try
        {
            using var scope = NewDisposeScope();
            var probe = probes[0];
            var pass = DiagnosedPass.Of(model, probe.Input);
            using var down = WeightPerturbation.GradientSigns(model, probe.Input, probe.Backward);
            return new Examination(
                seed,
                ResidualDependency.Measure(model, probe.Input),
                GradientBalance.Measure(model, probe.Input, probe.Backward),
                ModelActivity.Measure(model, [.. probes.Select(entry => entry.Input)]),
                RandomChanges(model, probe.Input, seed, perturbations),
                ModelOutputChange.Measure(model, probe.Input, down)
            )
            {
                Similarities = TokenSimilarity.Measure([pass]),
                Variances = StateVariance.Measure([pass]),
                ShortcutGradients = ShortcutGradient.Measure(pass, probe.Backward),
            };
        }
        finally
        {
            probes.ForEach(probe => probe.Dispose());
        }
    }

    /// <summary>
    /// The output changes of another shape of the subject's models, such as that with Admin's connections.
    /// </summary>
    internal static IReadOnlyList<ModelOutputChange> ChangesOf(
        DiagnosisSubject subject,
        ModelOptions shape,
        long seed,
        int perturbations
    )
    {
        using var model = subject.Create(shape, seed);
        model.to(ScalarType.Float64);
        using var probe = new Probe(subject.Batches(seed, 1)[0], subject.Smoothing, subject.Device);
        return RandomChanges(model, probe.Input, seed, perturbations);
    }

    private static List<ModelOutputChange> RandomChanges(Transformer model, ModelInput input, long seed, int count) =>
        [
            .. Enumerable
                .Range(0, count)
                .Select(i =>
                {
                    using var perturbation = WeightPerturbation.RandomSigns(
                        model,
                        (long)(CounterRandom.At(seed, "perturbation", i) >> 1)
                    );
                    return ModelOutputChange.Measure(model, input, perturbation);
                }),
        ];
}
