using TransformerClinic.Data;
using TransformerClinic.Diagnosis.Findings;
using TransformerClinic.Model;
using TransformerClinic.Recipes;
using TransformerClinic.Reports;
using TransformerClinic.Residuals;
using TransformerClinic.Runs;
using TransformerClinic.Training;
using TransformerClinic.Training.Profiling;
using TransformerClinic.Training.Statistics;

namespace TransformerClinic.Workflows;

/// <summary>Gathers what the pages of a run and of a comparison show from the run folder and the final model.</summary>
internal static class RunReportBuilder
{
    private const int Samples = 8;

    /// <summary>Everything that the page of a run shows.</summary>
    public static RunReport Build(
        RunFolder folder,
        Recipe recipe,
        PreparedCorpus corpus,
        RunResults results,
        TrainedModel trained,
        IReadOnlyList<string>? translations
    ) =>
        new()
        {
            Title = recipe.Name,
            From = BaseModelRecord.In(folder.Path),
            Encoder = recipe.Model.Encoder,
            Decoder = recipe.Model.Decoder,
            Results = Numbers(results),
            Curve = Curve(folder.Log),
            UnigramLoss = results.UnigramNll,
            EndedBecause =
                results.End == TrainingEnd.Diverged
                    ? RunLog.Read(folder.Log).LastOrDefault(entry => entry.Kind == LogKind.Stopped)?.Cause
                    : null,
            Ended = results.EndedBecause,
            SourceLanguage = recipe.Data.SourceLanguage,
            TargetLanguage = recipe.Data.TargetLanguage,
            Sublayers = RunLog.Read(folder.Log).LastOrDefault(entry => entry.Kind == LogKind.Sublayers) is { } last
                ? new MeasuredSublayers(last.Step, last.Sublayers!)
                : null,
            Diagnoses =
            [
                .. RunLog
                    .Read(folder.Log)
                    .Where(entry => entry.Kind == LogKind.Diagnosis)
                    .Select(entry => new DiagnosedUpdate(entry.Step, entry.Diagnosis!)),
            ],
            Omegas = trained.Config.Profile is { } profile ? Omegas(profile, trained.Model) : [],
            Profiling = trained.Config.Profile is { } made ? Provenance(made) : null,
            Samples = translations is null ? [] : Sample(corpus.Test!, translations),
            Data = [.. folder.ReadData().Ledgers.Select(Words)],
            Environment = folder.ReadEnvironment().Lines(),
            RecipeYaml = File.ReadAllText(folder.Recipe),
            Commands = [$"clinic train {RunFolder.RecipeName} --run {Path.GetFileName(folder.Path)}"],
        };

    /// <summary>The learning curve that a log tells.</summary>
    public static LearningCurve Curve(string log) => Curve(RunLog.Read(log));

    /// <summary>The learning curve that lines of a log tell.</summary>
    public static LearningCurve Curve(IReadOnlyList<LogEntry> entries) =>
        new()
        {
            Train =
            [
                .. entries
                    .Where(entry => entry.Kind == LogKind.Train)
                    .Select(entry => new TrainPoint
                    {
                        Step = entry.Step,
                        Loss = entry.Loss ?? double.NaN,
                        Nll = entry.Nll ?? double.NaN,
                        LearningRate = entry.LearningRate!.Value,
                        GradientNorm = entry.GradientNorm ?? double.NaN,
                        TokensPerSecond = entry.TokensPerSecond ?? 0,
                        Seconds = entry.Seconds,
                    }),
            ],
            Valid =
            [
                .. entries
                    .Where(entry => entry.Kind == LogKind.Valid)
                    .Select(entry => new ValidPoint(entry.Step, entry.Loss ?? double.NaN, entry.Nll ?? double.NaN)),
            ],
        };

    private static ReportedResults Numbers(RunResults results) =>
        new()
        {
            ValidNll = results.ValidationNll,
            Bleu = results.Bleu,
            BleuSignature = results.BleuSignature ?? "",
            Updates = results.Updates,
            TargetTokens = results.Tokens,
            TrainingSeconds = results.Seconds,
            SkippedUpdates = results.SkippedUpdates,
            Rollbacks = results.Rollbacks,
            Parameters = results.Parameters,
        };

    private static List<SublayerOmega> Omegas(AdminProfile profile, Transformer model)
    {
        var initial = profile
            .Connections.GroupBy(connection => connection.Chain)
            .ToDictionary(chain => chain.Key, chain => chain.ToList(), StringComparer.Ordinal);
        return
        [
            .. Stack(
                StackName.Encoder,
                initial.GetValueOrDefault("encoder"),
                model.Encoder.Residuals,
                ["self-attention", "feed-forward"]
            ),
            .. Stack(
                StackName.Decoder,
                initial.GetValueOrDefault("decoder"),
                model.Decoder.Residuals,
                ["self-attention", "cross-attention", "feed-forward"]
            ),
        ];
    }

    private static IEnumerable<SublayerOmega> Stack(
        StackName stack,
        List<ProfiledConnection>? initial,
        IEnumerable<ResidualConnection> residuals,
        string[] sublayers
    ) =>
        initial is null
            ? []
            : residuals
                .Where(residual => residual.IsProfiled)
                .Select(
                    (residual, i) =>
                        new SublayerOmega
                        {
                            Stack = stack,
                            Layer = (i / sublayers.Length) + 1,
                            Sublayer = sublayers[i % sublayers.Length],
                            Initial = initial[i].Omega,
                            Trained = OmegaSpread.Of(residual),
                        }
                );

    private static ProfilingProvenance Provenance(AdminProfile profile) =>
        new()
        {
            BatchHash = profile.BatchHash,
            Tokens = profile.SourceTokens + profile.TargetTokens,
            Seed = profile.Seed,
            Dropout = profile.Dropout,
            Padding = profile.Padding,
        };

    /// <summary>Pairs from all over the test set, the same ones for every run.</summary>
    private static List<SampleTranslation> Sample(PreparedSet test, IReadOnlyList<string> translations)
    {
        var count = Math.Min(Samples, translations.Count);
        return
        [
            .. Enumerable
                .Range(0, count)
                .Select(i => ((2 * i) + 1) * translations.Count / (2 * count))
                .Select(i => new SampleTranslation(test.Pairs[i].Source, test.Pairs[i].Target, translations[i])),
        ];
    }

    private static SetLedger Words(Ledger ledger) =>
        new(ledger.Set, ledger.Kept, ByReason(ledger.Dropped)) { UntranslatedByReason = ByReason(ledger.Untranslated) };

    private static Dictionary<string, long> ByReason(IReadOnlyList<LedgerEntry> entries) =>
        entries.ToDictionary(entry => entry.Reason, entry => (long)entry.Count, StringComparer.Ordinal);
}
