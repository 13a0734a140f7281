using System.Globalization;
using TransformerClinic.Common;
using TransformerClinic.Interop.TensorBoard;
using TransformerClinic.Runs;
using TransformerClinic.Training;
using TransformerClinic.Training.Divergence;
using TransformerClinic.Training.Profiling;
using TransformerClinic.Workflows.Diagnoses;

namespace TransformerClinic.Workflows;

/// <summary>
/// Writes what happens in a training to the run's log and TensorBoard file, and shows it to whoever watches.
/// </summary>
internal sealed class RunObserver(
    RunParts parts,
    RunLog log,
    TensorBoardEvents board,
    IRunConsole console,
    IProgress<WorkDone> progress
) : ITrainingObserver
{
    // By then the first updates, slower than others, do not matter any more.
    private const int UpdatesUntilTimes = 100;

    private readonly TrainingOptions _options = parts.Recipe.Training;
    private readonly OffendingBatches _offending = new(parts.Folder.Offending, parts.Corpus.Train);
    private readonly TrainingExamination _examination = new(parts.Recipe, parts.Corpus, parts.Model);
    private readonly ValidationTranslator _translator = new(parts);
    private (long Tokens, double Seconds)? _logged;
    private int _updates;

    public void OnProfiled(AdminProfile profile)
    {
        var (first, last) = (profile.Connections[0], profile.Connections[^1]);
        console.Say(
            string.Create(
                CultureInfo.InvariantCulture,
                $"Admin: profiled {profile.Sentences} pairs ({profile.TargetTokens} target tokens), set omega of "
                    + $"{profile.Connections.Count} residual connections, from {first.Omega:0.00} to "
                    + $"{profile.Connections.Max(c => c.Omega):0.00} (last: {last.Chain} {last.Index}, "
                    + $"{last.Omega:0.00})"
            )
        );
    }

    public void OnIncident(Incident incident, TrainingState state)
    {
        var undone = "";
        if (incident.Treatment == Treatment.RolledBack)
        {
            undone = log.GoBackTo(state.Update, state.Rollbacks - 1);
            _translator.GoBackTo(state.Update);
            _logged = null;
        }

        var kept = _offending.Keep(incident, state, undone);
        log.Append(IncidentReport.Line(incident, state, kept));
        console.Say(IncidentReport.Words(incident, state, kept));
    }

    public void OnUpdate(UpdateReport report, TrainingState state)
    {
        if (!report.Skipped)
        {
            _logged ??= (state.TargetTokens, state.Seconds);
            if (report.Update % _options.LogEvery == 0)
            {
                Log(report, state);
            }

            if (report.Sublayers is { } sublayers)
            {
                log.Append(SublayerReport.Line(report.Update, sublayers, state));
                board.Add(report.Update, SublayerReport.Scalars(sublayers));
            }

            if (_options.DiagnoseEvery > 0 && report.Update % _options.DiagnoseEvery == 0)
            {
                Examine(report.Update, state);
            }
        }

        if (parts.Group.Count > 1 && ++_updates == UpdatesUntilTimes)
        {
            console.Say(GroupWords.Times(parts.Replicas.Clock, _options.Accumulate));
        }

        progress.Report(
            new WorkDone(
                report.Update,
                string.Create(CultureInfo.InvariantCulture, $"loss {report.Loss:0.00}"),
                TimeLeft(state)
            )
        );
    }

    public void OnValidation(ValidationReport report, TrainingState state)
    {
        log.Append(
            new LogEntry
            {
                Kind = LogKind.Valid,
                Step = report.Update,
                Loss = report.Loss,
                Nll = report.Nll,
                Perplexity = report.Perplexity,
                Seconds = state.Seconds,
            }
        );
        board.Add(report.Update, ("valid/loss", report.Loss), ("valid/perplexity", report.Perplexity));
        _translator.Translate(report.Update);
        var found = string.Create(
            CultureInfo.InvariantCulture,
            $"validation loss {report.Loss:0.000}, perplexity {report.Perplexity:0.0}"
        );
        console.Say(
            report.Update == 0
                ? $"before the first update: {found}"
                : string.Create(
                    CultureInfo.InvariantCulture,
                    $"update {report.Update}: {found}, {state.Seconds:0} s, {Speed(state):0} target tokens/s"
                )
        );
    }

    public void OnSetAside(string folder, string reason, string aside) =>
        console.Say(
            $"{folder}: {reason.TrimEnd('.')}. It is renamed to {Path.GetFileName(aside)}, and the newest intact "
                + "one is used."
        );

    public void OnSaving() => log.Flush();

    /// <summary>Until the limit of minutes or, at the speed so far, of tokens; null if there is none.</summary>
    private TimeSpan? TimeLeft(TrainingState state)
    {
        double[] limits =
        [
            .. _options.MaxMinutes > 0 ? [(_options.MaxMinutes * 60) - state.Seconds] : Array.Empty<double>(),
            .. _options.MaxTokens > 0 && state.TargetTokens > 0
                ? [(_options.MaxTokens - state.TargetTokens) * state.Seconds / state.TargetTokens]
                : Array.Empty<double>(),
        ];
        return limits.Length == 0 ? null : TimeSpan.FromSeconds(Math.Max(limits.Min(), 0));
    }

    private static double Speed(TrainingState state) => state.TargetTokens / Math.Max(state.Seconds, 1e-9);

    private void Examine(long update, TrainingState state)
    {
        var stacks = _examination.Examine();
        log.Append(DiagnosisReport.Line(update, stacks, state));
        board.Add(update, DiagnosisReport.Scalars(stacks));
        console.Say(DiagnosisReport.Words(update, stacks));
    }

    private void Log(UpdateReport report, TrainingState state)
    {
        var sums = state.SinceLogged;
        var (loss, nll) = (sums.Loss / sums.Tokens, sums.Nll / sums.Tokens);
        var (tokens, seconds) = _logged!.Value;
        double? rate = state.Seconds > seconds ? (state.TargetTokens - tokens) / (state.Seconds - seconds) : null;
        log.Append(
            new LogEntry
            {
                Kind = LogKind.Train,
                Step = report.Update,
                Loss = loss,
                Nll = nll,
                Perplexity = Math.Exp(nll),
                LearningRate = report.LearningRate,
                GradientNorm = report.GradientNorm,
                TokensPerSecond = rate,
                Seconds = state.Seconds,
            }
        );
        board.Add(
            report.Update,
            ("train/loss", loss),
            ("train/perplexity", Math.Exp(nll)),
            ("train/learning rate", report.LearningRate),
            ("train/gradient norm", report.GradientNorm)
        );
        _logged = (state.TargetTokens, state.Seconds);
    }
}
