using TransformerClinic.Diagnosis.Findings;
using TransformerClinic.Model;
using TransformerClinic.Reports;
using TransformerClinic.Residuals;
using TransformerClinic.Scoring.Bleu;
using TransformerClinic.Scoring.Systems;
using TransformerClinic.Scoring.Ter;
using TransformerClinic.Training;
using TransformerClinic.Training.Statistics;

namespace TransformerClinic.Tests.Reports;

/// <summary>Runs as they might be, made up.</summary>
internal static class Patients
{
    public const string Signature = "nrefs:1|case:mixed|eff:no|tok:13a|smooth:exp|version:0.1.0";

    public static StackOptions StackOf(ResidualVariant variant, int layers = 18) =>
        new() { Layers = layers, Variant = variant };

    public static RunReport Minimal { get; } =
        new()
        {
            Title = "minimal",
            Encoder = StackOf(ResidualVariant.PreLn, 2),
            Decoder = StackOf(ResidualVariant.PreLn, 2),
            Results = new ReportedResults
            {
                Updates = 1,
                TargetTokens = 900,
                TrainingSeconds = 0.4,
                Parameters = 12345,
            },
            Curve = new LearningCurve { Train = [Train(1, 9.1, 0)] },
        };

    public static RunReport Full(int lines = 200) =>
        new()
        {
            Title = "multi30k-admin-18l",
            SourceLanguage = "de",
            TargetLanguage = "en",
            Encoder = StackOf(ResidualVariant.Admin),
            Decoder = StackOf(ResidualVariant.Admin),
            UnigramLoss = 6.12,
            Results = new ReportedResults
            {
                ValidNll = 1.87,
                Bleu = 31.42,
                BleuSignature = Signature,
                Updates = 2000,
                TargetTokens = 7_412_330,
                TrainingSeconds = 593.4,
                Parameters = 9_871_360,
            },
            Curve = Falling(lines, 2000, 9.05, 1.87),
            Omegas =
            [
                .. Omegas(StackName.Encoder, 18, "self-attention", "feed-forward"),
                .. Omegas(StackName.Decoder, 18, "self-attention", "cross-attention", "feed-forward"),
            ],
            Sublayers = new MeasuredSublayers(
                2000,
                [
                    .. Sublayers("encoder", 18, "self-attention", "feed-forward"),
                    .. Sublayers("decoder", 18, "self-attention", "cross-attention", "feed-forward"),
                ]
            ),
            Profiling = new ProfilingProvenance
            {
                BatchHash = "9f2c41d07be3",
                Tokens = 4032,
                Seed = 1111,
                Dropout = true,
                Padding = PaddingPolicy.Ignore,
            },
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
                    28_713,
                    new Dictionary<string, long>
                    {
                        ["longer than 175 subwords"] = 3,
                        ["length ratio above 9"] = 12,
                        ["empty"] = 272,
                    }
                ),
                new("valid", 1014, new Dictionary<string, long>()),
                new("test", 1000, new Dictionary<string, long>()),
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
            UnigramLoss = 6.12,
            Runs =
            [
                Compared("Admin", 1, 1.87, 31.4),
                Compared("Admin", 2, 1.91, 31.0),
                Compared("Admin", 3, 1.85, 31.9),
                Compared("Pre-LN", 1, 2.14, 28.2),
                Compared("Pre-LN", 2, 2.09, 29.0),
                Compared("Pre-LN", 3, 2.17, 27.9),
                Compared("Post-LN", 1, 5.95, null),
                Compared("Post-LN", 2, 5.97, null),
                Compared("Post-LN", 3, 5.92, null),
            ],
            Environment = ["TransformerClinic 0.1.0"],
            RecipeYaml = "model:\n  dim: 128\n",
            Commands = ["clinic compare recipes/eighteen.yaml"],
        };

    public static ReportedRun Compared(string variant, long seed, double nll, double? bleu) =>
        new()
        {
            Variant = variant,
            Seed = seed,
            ValidNll = nll,
            Bleu = bleu,
            BleuSignature = bleu is null ? "" : Signature,
            Updates = 2000,
            TargetTokens = 7_400_000 + (seed * 1000),
            TrainingSeconds = 590 + seed,
            FailedBecause = nll > 5.6 ? "stuck near the unigram plateau" : null,
            Curve = Falling(200, 2000, 9.05, nll, seed),
        };

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

    private static IEnumerable<SublayerStatistics> Sublayers(string stack, int layers, params string[] sublayers) =>
        from layer in Enumerable.Range(1, layers)
        from sublayer in sublayers
        select new SublayerStatistics(stack, layer, sublayer, 0.2 / layer, 1e-3 * layer, null);

    private static IEnumerable<SublayerOmega> Omegas(StackName stack, int layers, params string[] sublayers)
    {
        var index = 0;
        for (var layer = 1; layer <= layers; layer++)
        {
            foreach (var sublayer in sublayers)
            {
                var initial = Math.Sqrt(1 + (0.42 * index++));
                yield return new SublayerOmega
                {
                    Stack = stack,
                    Layer = layer,
                    Sublayer = sublayer,
                    Initial = initial,
                    Trained = new OmegaSpread(initial * 0.96, initial * 0.82, initial * 1.13),
                };
            }
        }
    }
}
