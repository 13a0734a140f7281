using TransformerClinic.Comparisons;
using TransformerClinic.Comparisons.Presentation;
using TransformerClinic.Data;
using TransformerClinic.Diagnosis.Findings;
using TransformerClinic.Model;
using TransformerClinic.Recipes;
using TransformerClinic.Reports;
using TransformerClinic.Residuals;
using TransformerClinic.Runs;
using TransformerClinic.Scoring.Bleu;
using TransformerClinic.Scoring.Systems;
using TransformerClinic.Scoring.Ter;
using TransformerClinic.Training;
using TransformerClinic.Training.Profiling;
using TransformerClinic.Training.Statistics;

namespace TransformerClinic.Tests.Reports;

/// <summary>Runs as they might be, made up.</summary>
internal static class Patients
{
    public const string Signature = "nrefs:1|case:mixed|eff:no|tok:13a|smooth:exp|version:0.1.0";

    public static StackOptions StackOf(ResidualVariant variant, int layers = 18) =>
        new() { Layers = layers, Variant = variant };

    public static RunReport Minimal { get; } =
        Judged(
            Recipe("minimal", StackOf(ResidualVariant.PreLn, 2)),
            Results("minimal", ResidualVariant.PreLn) with
            {
                Updates = 1,
                Tokens = 900,
                Seconds = 0.4,
                Parameters = 12345,
                ValidationLoss = null,
                ValidationPerplexity = null,
                Bleu = null,
                BleuSignature = null,
            },
            new LearningCurve { Train = [Train(1, 9.1, 0)] }
        );

    public static RunReport Full(int lines = 200) =>
        Judged(
            Recipe("multi30k-admin-18l", StackOf(ResidualVariant.Admin)),
            Results("multi30k-admin-18l", ResidualVariant.Admin),
            Falling(lines, 2000, 9.05, 1.87)
        ) with
        {
            Omegas = [.. Omegas(StackName.Encoder, 18), .. Omegas(StackName.Decoder, 18)],
            Sublayers = new LogEntry
            {
                Kind = LogKind.Sublayers,
                Step = 2000,
                Seconds = 590,
                Sublayers = [.. Sublayers(StackName.Encoder, 18), .. Sublayers(StackName.Decoder, 18)],
            },
            Profile = new AdminProfile("9f2c41d07be3", 130, 2016, 2016, 1111, true, PaddingPolicy.Ignore, []),
            Samples =
            [
                new(
                    "Ein Mann mit einem orangefarbenen Hut, der etwas anstarrt.",
                    "A man in an orange hat starring at something.",
                    "A man with an orange hat staring at something."
                ),
                new(
                    "Ein Boston Terrier läuft über saftig-grünes Gras vor einem weißen Zaun.",
                    "A Boston Terrier is running on lush green grass in front of a white fence.",
                    "A boston terrier runs across lush green grass in front of a white fence."
                ),
                new(
                    "Ein Mädchen in einem Karateanzug bricht einen Stock mit einem Tritt.",
                    "A girl in karate uniform breaking a stick with a front kick.",
                    "A girl in a karate suit is breaking a stick with a kick."
                ),
            ],
            Data =
            [
                new(
                    "train",
                    29_000,
                    28_713,
                    [
                        new("empty", 272, [1]),
                        new("length ratio above 9", 12, [2]),
                        new("longer than 175 subwords", 3, [3]),
                    ]
                ),
                new("valid", 1014, 1014, []),
                new("test", 1000, 1000, []),
            ],
            Environment =
            [
                "TransformerClinic 0.1.0",
                "TorchSharp 0.107.0, libtorch 2.10.0, CPU",
                ".NET 10.0.1",
                "Linux x64, 2 cores, 8.0 GB",
            ],
            RecipeYaml =
                "model:\n  encoder:\n    layers: 18\n    variant: admin\n  decoder:\n    layers: 18\n    variant: "
                + "admin\n  dim: 128\ntraining:\n  maxMinutes: 10\n",
            Commands = ["clinic train recipes/multi30k-admin-18l.yaml --out runs/first", "clinic report runs/first"],
        };

    /// <summary>What an eighteen-layer Admin model that trained well is judged by.</summary>
    public static RunEvidence Evidence { get; } =
        new()
        {
            Encoder = StackOf(ResidualVariant.Admin),
            Decoder = StackOf(ResidualVariant.Admin),
            Curve = Falling(200, 2000, 9.05, 1.87),
            Updates = 2000,
            ValidationNll = 1.87,
            UnigramNll = 6.12,
            Bleu = 31.42,
        };

    /// <summary>The report of a run with the verdict that its numbers lead to.</summary>
    public static RunReport Judged(Recipe recipe, RunResults results, LearningCurve curve) =>
        new()
        {
            Recipe = recipe,
            Results = results,
            Curve = curve,
            Verdict = RunVerdict.Of(
                new RunEvidence
                {
                    Encoder = recipe.Model.Encoder,
                    Decoder = recipe.Model.Decoder,
                    Curve = curve,
                    Updates = results.Updates,
                    ValidationNll = results.ValidationNll,
                    UnigramNll = results.UnigramNll,
                    Bleu = results.Bleu,
                }
            ),
        };

    private static Recipe Recipe(string name, StackOptions stack) =>
        new()
        {
            Name = name,
            Data = new DataOptions { SourceLanguage = "de", TargetLanguage = "en" },
            Model = new ModelOptions { Encoder = stack, Decoder = stack },
        };

    private static RunResults Results(string name, ResidualVariant variant) =>
        new()
        {
            Recipe = name,
            EncoderVariant = variant,
            DecoderVariant = variant,
            EncoderLayers = 18,
            DecoderLayers = 18,
            Seed = 1,
            Parameters = 9_871_360,
            End = TrainingEnd.Finished,
            Updates = 2000,
            SkippedUpdates = 0,
            Tokens = 7_412_330,
            Seconds = 593.4,
            Averaged = 5,
            ValidationLoss = 2.6,
            ValidationPerplexity = Math.Exp(1.87),
            UnigramNll = 6.12,
            Bleu = 31.42,
            BleuSignature = Signature,
        };

    /// <summary>Two systems' translations of a short and a long sentence, each with a text in it.</summary>
    public static OutputComparison Outputs(string first, string second, string text)
    {
        string[] source = ["die Katze", string.Join(' ', Enumerable.Repeat("der Hund läuft", 5)) + text];
        string[] reference = ["the cat sat", "the dog ran off " + text];
        return OutputComparison.Of(
            new ComparedOutputs(
                first,
                ["the dog sat", "the dog ran off " + text],
                second,
                ["the cat sat", "a dog ran"],
                reference,
                source
            ),
            [new BleuMetric(), new TerMetric()]
        );
    }

    public static ComparisonReport Comparison { get; } =
        new()
        {
            Title = "Eighteen layers, three ways",
            Runs =
            [
                Compared(ResidualVariant.Admin, 1, 1.87, 31.4),
                Compared(ResidualVariant.Admin, 2, 1.91, 31.0),
                Compared(ResidualVariant.Admin, 3, 1.85, 31.9),
                Compared(ResidualVariant.PreLn, 1, 2.14, 28.2),
                Compared(ResidualVariant.PreLn, 2, 2.09, 29.0),
                Compared(ResidualVariant.PreLn, 3, 2.17, 27.9),
                Compared(ResidualVariant.PostLn, 1, 5.95, null),
                Compared(ResidualVariant.PostLn, 2, 5.97, null),
                Compared(ResidualVariant.PostLn, 3, 5.92, null),
            ],
            Environment = ["TransformerClinic 0.1.0"],
            RecipeYaml = "model:\n  dim: 128\n",
            Commands = ["clinic compare recipes/eighteen.yaml"],
        };

    public static ReportedRun Compared(ResidualVariant variant, long seed, double nll, double? bleu) =>
        new(
            new ComparedRun
            {
                Candidate = Candidate.Of(variant),
                LearningRate = 1e-3,
                Seed = seed,
                Results = Results("compared", variant) with
                {
                    Seed = seed,
                    ValidationPerplexity = Math.Exp(nll),
                    Bleu = bleu,
                    BleuSignature = bleu is null ? null : Signature,
                    Tokens = 7_400_000 + (seed * 1000),
                    Seconds = 590 + seed,
                    Outcome = nll > 5.6 ? RunOutcome.Stuck : RunOutcome.Stable,
                    Verdict = nll > 5.6 ? "It is stuck near the unigram plateau." : "It trained stably.",
                },
            },
            Falling(200, 2000, 9.05, nll, seed)
        );

    public static TrainPoint Train(long step, double nll, double noise) =>
        new()
        {
            Step = step,
            Loss = (nll * 0.93) + 0.9,
            Nll = nll,
            LearningRate = 1e-3 * Math.Min(step / 400.0, Math.Sqrt(400.0 / step)),
            GradientNorm = 0.6 + (3.4 * Math.Exp(-step / 300.0)) + Math.Abs(noise),
            TokensPerSecond = 12_500 + (noise * 3000),
            Seconds = step * 0.297,
        };

    /// <summary>Losses that fall smoothly from start to end, with a little noise that the seed decides.</summary>
    public static LearningCurve Falling(int lines, long updates, double start, double end, long seed = 1)
    {
        var random = new Random((int)seed);
        double At(long step) => end + ((start - end) * Math.Exp(-step / (updates / 6.0)));
        long StepOf(int i, int count) => Math.Max(1, updates * (i + 1) / count);
        return new LearningCurve
        {
            Train =
            [
                .. Enumerable
                    .Range(0, lines)
                    .Select(i => (Step: StepOf(i, lines), Noise: (random.NextDouble() - 0.5) * 0.3))
                    .Select(p => Train(p.Step, At(p.Step) + p.Noise, p.Noise)),
            ],
            Valid =
            [
                .. Enumerable
                    .Range(0, 10)
                    .Select(i => StepOf(i, 10))
                    .Select(step => (Step: step, Nll: At(step) + (random.NextDouble() * 0.04)))
                    .Select(p => new ValidPoint(p.Step, (p.Nll * 0.93) + 0.9, p.Nll)),
            ],
        };
    }

    private static IEnumerable<SublayerAddress> Addresses(StackName stack, int layers) =>
        from layer in Enumerable.Range(0, layers)
        from kind in SublayerAddress.KindsIn(stack)
        select new SublayerAddress(stack, layer, kind);

    private static IEnumerable<SublayerStatistics> Sublayers(StackName stack, int layers) =>
        Addresses(stack, layers)
            .Select(address => new SublayerStatistics(
                address,
                0.2 / address.LayerNumber,
                1e-3 * address.LayerNumber,
                null
            ));

    private static IEnumerable<SublayerOmega> Omegas(StackName stack, int layers)
    {
        foreach (var (index, address) in Addresses(stack, layers).Index())
        {
            var initial = Math.Sqrt(1 + (0.42 * index));
            yield return new SublayerOmega
            {
                Address = address,
                Initial = initial,
                Trained = new OmegaSpread(initial * 0.96, initial * 0.82, initial * 1.13),
            };
        }
    }
}
