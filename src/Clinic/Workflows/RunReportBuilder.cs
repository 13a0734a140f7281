using TransformerClinic.Data;
using TransformerClinic.Diagnosis.Findings;
using TransformerClinic.Model;
using TransformerClinic.Reports;
using TransformerClinic.Residuals;
using TransformerClinic.Runs;
using TransformerClinic.Training;
using TransformerClinic.Training.Profiling;
using TransformerClinic.Training.Statistics;

namespace TransformerClinic.Workflows;

/// <summary>Judges a run at its end, and gathers what its page shows.</summary>
/// <param name="parts">The run, with its final model.</param>
/// <param name="log">The lines of its log.</param>
internal sealed class RunReportBuilder(RunParts parts, IReadOnlyList<LogEntry> log)
{
    private const int Samples = 8;

    private readonly LearningCurve _curve = LogCurve.Of(log);

    /// <summary>What the run's numbers say.</summary>
    public RunVerdict Judge(RunResults results) =>
        RunVerdict.Of(
            new RunEvidence
            {
                Encoder = parts.Recipe.Model.Encoder,
                Decoder = parts.Recipe.Model.Decoder,
                From = parts.Base?.AsEvidence(),
                Curve = _curve,
                Updates = results.Updates,
                ValidationNll = results.ValidationNll,
                UnigramNll = results.UnigramNll,
                Bleu = results.Bleu,
                SkippedUpdates = results.SkippedUpdates,
                Rollbacks = results.Rollbacks,
                DivergedBecause = results.End == TrainingEnd.Diverged ? Last(LogKind.Stopped)?.Cause : null,
                EndedBecause = results.EndedBecause,
            }
        );

    /// <summary>Everything that the page of the run shows.</summary>
    public RunReport Build(RunResults results, RunVerdict verdict, IReadOnlyList<string>? translations)
    {
        var profile = parts.Trainer.State.Profile;
        return new RunReport
        {
            Recipe = parts.Recipe,
            Results = results,
            Verdict = verdict,
            From = parts.Base,
            Curve = _curve,
            Sublayers = Last(LogKind.Sublayers),
            Diagnoses = [.. log.Where(entry => entry.Kind == LogKind.Diagnosis)],
            Omegas = profile is null ? [] : Omegas(profile, parts.Model),
            Profile = profile,
            Samples = translations is null ? [] : Sample(parts.Corpus.Test!, translations),
            Data = parts.Folder.ReadData().Ledgers,
            Environment = parts.Folder.ReadEnvironment().Lines(),
            RecipeYaml = File.ReadAllText(parts.Folder.Recipe),
            Commands = [$"clinic train {RunFolder.RecipeName} --run {Path.GetFileName(parts.Folder.Path)}"],
        };
    }

    private LogEntry? Last(LogKind kind) => log.LastOrDefault(entry => entry.Kind == kind);

    private static List<SublayerOmega> Omegas(AdminProfile profile, Transformer model)
    {
        var initial = profile
            .Connections.GroupBy(connection => connection.Chain)
            .ToDictionary(chain => chain.Key, chain => chain.ToList(), StringComparer.Ordinal);
        return
        [
            .. SublayerAddress
                .AllOf(model)
                .GroupBy(entry => entry.Address.Stack)
                .SelectMany(stack =>
                    initial.GetValueOrDefault(stack.Key.Word()) is { } profiled ? Omegas(profiled, stack) : []
                ),
        ];
    }

    private static IEnumerable<SublayerOmega> Omegas(
        List<ProfiledConnection> profiled,
        IEnumerable<(SublayerAddress Address, Sublayer Sublayer)> sublayers
    ) =>
        sublayers
            .Where(entry => entry.Sublayer.Residual.IsProfiled)
            .Zip(
                profiled,
                (entry, found) =>
                    new SublayerOmega
                    {
                        Address = entry.Address,
                        Initial = found.Omega,
                        Trained = OmegaSpread.Of(entry.Sublayer.Residual),
                    }
            );

    /// <summary>Pairs from all over the test set, the same ones for every run.</summary>
    private static List<SampleTranslation> Sample(PreparedSet test, IReadOnlyList<string> translations) =>
        [
            .. SpreadSample
                .Of(translations.Count, Samples)
                .Select(i => new SampleTranslation(test.Pairs[i].Source, test.Pairs[i].Target, translations[i])),
        ];
}
