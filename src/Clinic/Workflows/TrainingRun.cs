using System.Globalization;
using TransformerClinic.Common;
using TransformerClinic.Data;
using TransformerClinic.Decoding;
using TransformerClinic.Distribution;
using TransformerClinic.Files;
using TransformerClinic.Interop.TensorBoard;
using TransformerClinic.Model;
using TransformerClinic.Recipes;
using TransformerClinic.Reports;
using TransformerClinic.Runs;
using TransformerClinic.Scoring.Bleu;
using TransformerClinic.Training;
using TransformerClinic.Workflows.FineTuning;
using static TorchSharp.torch;

namespace TransformerClinic.Workflows;

/// <summary>
/// A whole run: prepare, build, resume, train, average, validate, translate the test set, report. Run again in the same
/// folder, it resumes from the newest checkpoint.
/// </summary>
/// <param name="recipe">The recipe; its paths are full, as those of a recipe that is read from a file.</param>
/// <param name="path">The run folder.</param>
/// <param name="console">Shows what happens.</param>
/// <param name="group">The processes that train together; null for this one alone.</param>
internal sealed class TrainingRun(Recipe recipe, string path, IRunConsole console, ProcessGroup? group = null)
{
    private readonly ProcessGroup _group = group ?? new SingleProcess();
    private readonly Device _device = Devices.Open(OptionCheck.Valid(recipe, "").Device);

    /// <summary>Runs to the end.</summary>
    /// <returns>The results, or null if it was stopped before the end.</returns>
    /// <exception cref="UserErrorException">The recipe, the data or the folder cannot be used.</exception>
    public RunResults? Run(CancellationToken stop)
    {
        if (_group.Count > 1)
        {
            throw new UserErrorException("Several processes cannot train together yet.");
        }

        var start = TrainingStart.Of(recipe, path);
        using var folder = Open(start);
        var workers = Devices.Workers(_device, recipe.Threads);
        var changes = folder.WriteEnvironment(RunEnvironment.Capture(_device, workers));

        var corpus = Prepare(folder, start, stop);
        using var parts = Build(folder, start, corpus, workers);
        Resume(parts, start, changes);

        var end = Train(parts, stop);
        if (end == TrainingEnd.Interrupted)
        {
            console.Say($"stopped after update {parts.Trainer.State.Update}; run the same command again to resume.");
            return null;
        }

        SayEnd(parts.Trainer.State, end);
        RequireCheckpoint(parts);
        var state = parts.Trainer.State;
        var averaged = parts.Average();
        var validation = parts.Trainer.ValidateWeights();
        parts.WriteModel();

        var translations = corpus.Test is null ? null : Translate(parts, corpus.Test, stop);
        return Report(parts, Results(parts, end, state, averaged, validation), translations);
    }

    private RunFolder Open(TrainingStart start)
    {
        var folder = RunFolder.Open(path, start.Recipe);
        folder.KeepBase(start.Base);
        foreach (var line in start.Said)
        {
            console.Say(line);
        }

        return folder;
    }

    /// <summary>Reads the text, and learns subwords from it unless the run begins with a model's.</summary>
    private PreparedCorpus Prepare(RunFolder folder, TrainingStart start, CancellationToken stop)
    {
        var corpus = Preparation.Of(recipe, console, stop, start.Subwords);
        console.Say(
            $"{corpus.Train.Ledger}\n{corpus.Valid.Ledger}{(corpus.Test is null ? "" : $"\n{corpus.Test.Ledger}")}"
        );
        folder.KeepData(DataRecord.Of(corpus));
        corpus.Subwords.Save(folder.Subwords);
        return corpus;
    }

    private RunParts Build(RunFolder folder, TrainingStart start, PreparedCorpus corpus, int workers)
    {
        var parts = new RunParts(recipe, folder, start, corpus, _device, workers);
        var (encoder, decoder) = (recipe.Model.Encoder, recipe.Model.Decoder);
        console.Say(
            string.Create(
                CultureInfo.InvariantCulture,
                $"model: {encoder.Layers}+{decoder.Layers} layers, "
                    + $"{encoder.Variant.Key()}/{decoder.Variant.Key()}, "
                    + $"dim {recipe.Model.Dim}, {parts.Replicas.Parameters.Count:N0} parameters; "
                    + $"{workers} worker threads"
            )
        );
        console.Say(parts.Precision.ToString());
        if (parts.Replicas.Recompute)
        {
            console.Say(
                "layers are computed again in the backward pass (training.recompute): less memory, more time, the "
                    + "same numbers"
            );
        }

        return parts;
    }

    private void Resume(RunParts parts, TrainingStart start, IReadOnlyList<string> changes)
    {
        var resumed = parts.Store.Resume(
            parts.Trainer,
            parts.Model,
            (damaged, reason, aside) =>
                console.Say(
                    $"{damaged}: {reason.TrimEnd('.')}. It is renamed to {Path.GetFileName(aside)}, and the newest "
                        + "intact one is used."
                )
        );
        if (resumed is null)
        {
            start.CheckWithoutCheckpoint();
            return;
        }

        console.Say($"resuming after update {resumed.Update} of {recipe.Training.MaxUpdates} ({resumed.Folder})");
        if (changes.Count > 0)
        {
            console.Say(
                $"the previous command had {string.Join("; ", changes)}: the run continues, but its bits may differ."
            );
        }
    }

    private TrainingEnd Train(RunParts parts, CancellationToken stop)
    {
        var (folder, trainer) = (parts.Folder, parts.Trainer);
        using var log = RunLog.Open(folder.Log, trainer.State.Update, trainer.State.Rollbacks);
        using var board = new TensorBoardEvents(folder.Path);
        try
        {
            return console.Work(
                "training",
                "updates",
                recipe.Training.MaxUpdates,
                progress =>
                {
                    var observer = new RunObserver(parts, log, board, console, progress);
                    return new TrainingLoop(trainer, parts.Model, parts.Store, recipe.Training, observer).Run(stop);
                }
            );
        }
        catch (IOException exception) when (folder.IsVanishing(exception))
        {
            throw new UserErrorException(
                $"{folder.Path}: the run folder has vanished while it was in use. If it was removed, the same run "
                    + "starts again from the beginning; if it was moved, name its new place to resume from its newest "
                    + "checkpoint.",
                exception
            )
            {
                Options = [RunFolder.Option],
            };
        }
    }

    private void SayEnd(TrainingState state, TrainingEnd end) =>
        console.Say($"training ended after update {state.Update}, because {EndWords.Of(end, state, recipe.Training)}.");

    private static void RequireCheckpoint(RunParts parts)
    {
        if (parts.Store.List().Count == 0)
        {
            throw new UserErrorException(
                $"{parts.Folder.Path}: training ended before its first checkpoint ({parts.Folder.Log} says why), so "
                    + "there is no model. Worth trying: a lower learning rate, a longer warm-up, more frequent "
                    + "checkpoints with training.divergence.policy=rollback."
            );
        }
    }

    private IReadOnlyList<string> Translate(RunParts parts, PreparedSet test, CancellationToken stop)
    {
        var sources = test.Pairs.Select(pair => pair.Source).ToList();
        using var translator = new Translator(parts.Model, parts.Corpus.Subwords, recipe.Decoding, parts.Workers);
        var translations = console.Work(
            "translating the test set",
            "sentences",
            sources.Count,
            progress => translator.Translate(sources, new CountProgress(progress), stop)
        );
        foreach (
            var (translation, line) in translations
                .Select((translation, i) => (translation, i + 1))
                .Where(entry => entry.translation.Problem is not null)
        )
        {
            console.Say($"test line {line}: {translation.Problem}");
        }

        AtomicFile.WriteText(
            parts.Folder.Translations,
            string.Concat(
                test.Pairs.Zip(
                    translations,
                    (pair, translation) => TabSeparated.Row(pair.Source, pair.Target, translation.Text)
                )
            )
        );
        return [.. translations.Select(translation => translation.Text)];
    }

    /// <summary>What is known before the test set is scored and the run is judged.</summary>
    private RunResults Results(
        RunParts parts,
        TrainingEnd end,
        TrainingState state,
        int averaged,
        ValidationReport validation
    ) =>
        new()
        {
            Recipe = recipe.Name,
            From = parts.Base?.Line(),
            EncoderVariant = recipe.Model.Encoder.Variant,
            DecoderVariant = recipe.Model.Decoder.Variant,
            EncoderLayers = recipe.Model.Encoder.Layers,
            DecoderLayers = recipe.Model.Decoder.Layers,
            Seed = recipe.Seed,
            Parameters = parts.Replicas.Parameters.Count,
            End = end,
            EndedBecause = EndWords.Of(end, state, recipe.Training),
            Updates = state.Update,
            SkippedUpdates = state.SkippedUpdates,
            Rollbacks = state.Rollbacks,
            Tokens = state.TargetTokens,
            Seconds = state.Seconds,
            Averaged = averaged,
            Ema = recipe.Training.Ema,
            ValidationLoss = double.IsFinite(validation.Loss) ? validation.Loss : null,
            ValidationPerplexity = double.IsFinite(validation.Perplexity) ? validation.Perplexity : null,
            UnigramNll = parts.UnigramNll,
        };

    /// <summary>Scores the translations, judges the run, and writes results and page.</summary>
    private static RunResults Report(RunParts parts, RunResults results, IReadOnlyList<string>? translations)
    {
        var (folder, corpus) = (parts.Folder, parts.Corpus);
        if (translations is null)
        {
            File.Delete(folder.Translations); // of an earlier end, whose results are replaced
        }
        else
        {
            var bleu = BleuScorer.Corpus(translations, [.. corpus.Test!.Pairs.Select(pair => pair.Target)]);
            results = results with { Bleu = bleu.Score, BleuSignature = bleu.Signature };
        }

        var builder = new RunReportBuilder(parts, RunLog.Read(folder.Log));
        var verdict = builder.Judge(results);
        results = results with { Outcome = verdict.Outcome, Verdict = verdict.Headline };
        Json.Write(folder.Results, results);
        AtomicFile.WriteText(folder.Report, ReportPage.Render(builder.Build(results, verdict, translations)));
        return results;
    }
}
