using TransformerClinic.Comparisons;
using TransformerClinic.Data;
using TransformerClinic.Decoding;
using TransformerClinic.Decoding.Search;
using TransformerClinic.Distribution;
using TransformerClinic.Model;
using TransformerClinic.Recipes;
using TransformerClinic.Residuals;
using TransformerClinic.Scoring.Bleu;
using TransformerClinic.Scoring.Chrf;
using TransformerClinic.Scoring.Significance;
using TransformerClinic.Tests.TestSupport;
using TransformerClinic.Text;
using TransformerClinic.Training;
using TransformerClinic.Training.Checkpoints;
using TransformerClinic.Training.Distributed;
using TransformerClinic.Training.Divergence;
using TransformerClinic.Training.Optimizers;
using TransformerClinic.Training.Profiling;
using TransformerClinic.Training.Schedules;
using TransformerClinic.Workflows;
using TransformerClinic.Workflows.Diagnoses;
using TransformerClinic.Workflows.Exports;
using TransformerClinic.Workflows.Foldings;
using TransformerClinic.Workflows.Imports;
using TransformerClinic.Workflows.Profiles;
using static TorchSharp.torch;

namespace TransformerClinic.Tests.Common;

/// <summary>A type of the engine that takes an options record.</summary>
/// <param name="Name">The type, and its method where it is not the constructor.</param>
/// <param name="Section">What its messages call the record.</param>
/// <param name="Valid">A record that it takes; a new one each time.</param>
/// <param name="Take">Gives it a record.</param>
internal sealed record OptionUse(string Name, string Section, Func<object> Valid, Action<object> Take)
{
    private static readonly SubwordModel Subwords = SubwordModel.Learn(["a b"], new SubwordOptions());

    /// <summary>Every type that takes options.</summary>
    public static IReadOnlyList<OptionUse> All { get; } =
    [
        Of<ModelOptions>("Transformer", "model", options => new Transformer(options, 20, Vocabulary.Pad, 1).Dispose()),
        Of<TrainingOptions>("Trainer", "training", options => WithTrainer(options, _ => { })),
        Of<TrainingOptions>(
            "TrainingLoop",
            "training",
            options => WithTrainer(new TrainingOptions(), trainer => Loop(trainer, options))
        ),
        Of<OptimizerOptions>(
            "Optimizer.Create",
            OfOptimizer,
            options => WithOptimizer((p, o) => Optimizer.Create(p, o), options)
        ),
        Of<OptimizerOptions>(
            "Adam",
            OfOptimizer,
            options => WithOptimizer((p, o) => new Adam(p, Whole(p), o), options)
        ),
        Of<OptimizerOptions>(
            "RAdam",
            OfOptimizer,
            options => WithOptimizer((p, o) => new RAdam(p, Whole(p), o), options)
        ),
        Of<OptimizerOptions>("Sgd", OfOptimizer, options => WithOptimizer((p, o) => new Sgd(p, Whole(p), o), options)),
        Of<ScheduleOptions>(
            "LearningRateSchedule",
            OfSchedule,
            options => LearningRateSchedule.Create(options, 10_000)
        ),
        Of<ScheduleOptions>("InverseSqrtSchedule", OfSchedule, options => _ = new InverseSqrtSchedule(options)),
        Of<ScheduleOptions>("LinearSchedule", OfSchedule, options => _ = new LinearSchedule(options, 10_000)),
        Of<ScheduleOptions>("CosineSchedule", OfSchedule, options => _ = new CosineSchedule(options, 10_000)),
        Of<ScheduleOptions>("PolynomialSchedule", OfSchedule, options => _ = new PolynomialSchedule(options, 10_000)),
        Of<ScheduleOptions>("PlateauSchedule", OfSchedule, options => _ = new PlateauSchedule(options)),
        Of<DivergenceOptions>(
            "DivergenceGuard",
            "training.divergence",
            options => _ = new DivergenceGuard(options, unigramNll: null)
        ),
        Of<DistributedOptions>("ProcessGroups", "distributed", options => ProcessGroups.OfLaunch(options).Dispose()),
        Of<ProfilingOptions>("ModelProfiling", "training.profiling", Profile),
        new("PreparedCorpus", "data", () => Files, options => Prepare((DataOptions)options, new SubwordOptions())),
        new(
            "PreparedCorpus with subwords",
            "data",
            () => Files,
            options => PreparedCorpus.Prepare((DataOptions)options, Subwords, 100, Path.GetTempPath())
        ),
        Of<SubwordOptions>("PreparedCorpus and its subwords", "subwords", options => Prepare(Files, options)),
        Of<SubwordOptions>("SubwordModel", "subwords", options => SubwordModel.Learn(["a b"], options)),
        Of<DecodingOptions>("BeamSearch", "decoding", options => WithModel(model => new BeamSearch(model, options))),
        Of<DecodingOptions>(
            "Translator",
            "decoding",
            options => WithModel(model => new Translator(model, Subwords, options, workers: 1).Dispose())
        ),
        Of<DecodingOptions>(
            "PairScorer",
            "decoding",
            options => WithModel(model => new PairScorer([model], Subwords, options, workers: 1).Dispose())
        ),
        Of<TranslatorOptions>(
            "Translator and its work",
            "translator",
            options => WithModel(model => new Translator([model], Subwords, new DecodingOptions(), options).Dispose())
        ),
        Of<Sampling>("BeamSearch that samples", "sampling", Search),
        Of<DiverseBeam>("BeamSearch of groups", "diverseBeam", Search),
        Of<BleuOptions>("BleuMetric", "bleu", options => _ = new BleuMetric(options)),
        Of<BleuOptions>("BleuScorer", "bleu", options => BleuScorer.Corpus(["a"], ["a"], options)),
        Of<ChrfOptions>("ChrfMetric", "chrf", options => _ = new ChrfMetric(options)),
        Of<SignificanceOptions>(
            "PairedTest",
            "significance",
            options =>
                PairedTest.Run(
                    new ChrfMetric(),
                    [
                        ["a"],
                    ],
                    [
                        ["a"],
                    ],
                    options
                )
        ),
        new(
            "DiagnosisRun",
            "diagnosis",
            () => Diagnosis,
            options => new DiagnosisRun((DiagnosisOptions)options, new QuietConsole()).Run(CancellationToken.None)
        ),
        new(
            "DiagnosisRun.PredictOnly",
            "diagnosis",
            () => Diagnosis,
            options =>
                new DiagnosisRun((DiagnosisOptions)options, new QuietConsole()).PredictOnly(CancellationToken.None)
        ),
        new(
            "FoldRun",
            "folding",
            () => Folding,
            options => new FoldRun((FoldOptions)options, new QuietConsole()).Run(CancellationToken.None)
        ),
        new(
            "ExportRun",
            "export",
            () => Exporting,
            options => new ExportRun((ExportOptions)options, new QuietConsole()).Run(CancellationToken.None)
        ),
        new(
            "FairseqImport",
            "",
            () => FromFairseq,
            options => new FairseqImport((FairseqImportOptions)options).Run(CancellationToken.None)
        ),
        new(
            "MarianImport",
            "",
            () => FromMarian,
            options => new MarianImport((MarianImportOptions)options).Run(CancellationToken.None)
        ),
        new(
            "TrainingRun",
            "",
            () => new Recipe { Data = Files },
            recipe => _ = new TrainingRun((Recipe)recipe, "run", new QuietConsole())
        ),
        new(
            "ComparisonPlan",
            "comparison",
            () => Comparing,
            options => _ = new ComparisonPlan(new Recipe { Data = Files }, (ComparisonOptions)options)
        ),
        new(
            "ProfileRun",
            "",
            () => new Recipe { Data = Files },
            recipe => _ = new ProfileRun((Recipe)recipe, [], [], "profile", new QuietConsole())
        ),
    ];

    private const string OfOptimizer = "training.optimizer";
    private const string OfSchedule = "training.schedule";

    private static DataOptions Files => new() { Train = new("train.tsv"), Valid = new("valid.tsv") };

    private static DiagnosisOptions Diagnosis => new() { Subject = "no-such-recipe.yaml", Output = "diagnosis" };

    private static ComparisonOptions Comparing =>
        new() { Candidates = [TransformerClinic.Comparisons.Candidate.Of(ResidualVariant.Admin)], Seeds = [1] };

    private static FoldOptions Folding => new() { Model = "no-such-model", Output = "folded" };

    private static ExportOptions Exporting =>
        new()
        {
            Target = ExportTarget.Onnx,
            Model = "no-such-model",
            Output = "exported",
        };

    private static FairseqImportOptions FromFairseq =>
        new()
        {
            Checkpoint = "no-such-checkpoint.pt",
            Dictionary = "dict.txt",
            Pretokenized = true,
            Output = "imported",
        };

    private static MarianImportOptions FromMarian => new() { Model = "no-such-model.npz", Output = "imported" };

    /// <summary>The type of the record.</summary>
    public Type Record => Valid().GetType();

    public override string ToString() => Name;

    private static OptionUse Of<T>(string name, string section, Action<T> take)
        where T : new() => new(name, section, () => new T(), options => take((T)options));

    private static void Prepare(DataOptions data, SubwordOptions subwords) =>
        PreparedCorpus.Prepare(data, subwords, 100, Path.GetTempPath());

    private static void WithModel(Action<Transformer> action)
    {
        using var model = new Transformer(
            SmallModel.Options() with
            {
                Dropout = 0,
            },
            Subwords.Vocabulary.Count,
            Vocabulary.Pad,
            seed: 1
        );
        action(model);
    }

    private static void Search(SearchMethod method) =>
        WithModel(model => _ = new BeamSearch([model], new DecodingOptions { Beam = 4 }, method));

    private static void WithOptimizer(
        Func<FlatParameters, OptimizerOptions, Optimizer> create,
        OptimizerOptions options
    )
    {
        using var model = SmallModel.Create();
        using var parameters = new FlatParameters(model);
        create(parameters, options).Dispose();
    }

    private static Shard Whole(FlatParameters parameters) => new(0, parameters.Count);

    private static void Profile(ProfilingOptions options)
    {
        using var model = SmallModel.Create();
        ModelProfiling.Run(model, [Reversal.Batch(2, seed: 1)], options, seed: 1, CPU);
    }

    private static void WithTrainer(TrainingOptions options, Action<Trainer> action)
    {
        using var replicas = new ModelReplicas(() => SmallModel.Create(), workers: 1, CPU);
        var batches = new TokenBatches(Reversal.Examples(2, seed: 1), 100);
        using var trainer = new Trainer(replicas, batches, batches, options, seed: 1);
        action(trainer);
    }

    private static void Loop(Trainer trainer, TrainingOptions options)
    {
        using var folder = new TemporaryFolder();
        using var model = SmallModel.Create();
        var store = new CheckpointStore(folder.FullName);
        new TrainingLoop(trainer, model, new SharedCheckpoints(store), options, observer: null!).Run(
            new CancellationToken(canceled: true)
        );
    }
}
