using System.Globalization;
using TransformerClinic.Common;
using TransformerClinic.Data;
using TransformerClinic.Decoding;
using TransformerClinic.Diagnosis.Findings;
using TransformerClinic.Files;
using TransformerClinic.Interop.TensorBoard;
using TransformerClinic.Model;
using TransformerClinic.Recipes;
using TransformerClinic.Reports;
using TransformerClinic.Runs;
using TransformerClinic.Scoring.Bleu;
using TransformerClinic.Text;
using TransformerClinic.Training;
using TransformerClinic.Training.Checkpoints;
using TransformerClinic.Training.Distributed;
using TransformerClinic.Workflows.Diagnoses;
using TransformerClinic.Workflows.FineTuning;
using static TorchSharp.torch;

namespace TransformerClinic.Workflows;

/// <summary>
/// A whole run: prepare, profile, train, average, translate the test set, score, report. Given the same folder again,
/// it goes on from the newest checkpoint.
/// </summary>
public sealed class TrainingRun(Recipe recipe, string path, IRunConsole console)
{
    private readonly Device _device = Devices.Open(recipe.Device);

    /// <summary>Runs to the end.</summary>
    /// <returns>What it came to, or null if it was stopped before the end.</returns>
    /// <exception cref="UserErrorException">The recipe, the data or the folder cannot be used.</exception>
    public RunResults? Run(CancellationToken stop)
    {
        var start = TrainingStart.Of(recipe, path);
        using var folder = RunFolder.Open(path, start.Recipe);
        folder.KeepBase(start.Base);
        foreach (var line in start.Said)
        {
            console.Say(line);
        }

        var workers = Devices.Workers(_device, recipe.Threads);
        var changes = folder.WriteEnvironment(RunEnvironment.Capture(_device, workers));
        var corpus = Prepare(folder, start.Subwords, stop);
        using var replicas = new ModelReplicas(
            () => new Transformer(recipe.Model, corpus.Subwords.Vocabulary.Count, Vocabulary.Pad, recipe.Seed),
            workers,
            _device
        );
        var unigramNll = UnigramNll.Of(corpus.Train.Examples, corpus.Valid.Examples, corpus.Subwords.Vocabulary.Count);
        using var trainer = new Trainer(
            replicas,
            new TokenBatches(corpus.Train.Examples, recipe.Training.TokensPerBatch),
            new TokenBatches(corpus.Valid.Examples, recipe.Training.TokensPerBatch),
            recipe.Training,
            recipe.Seed,
            unigramNll
        );
        console.Say(
            string.Create(
                CultureInfo.InvariantCulture,
                $"model: {recipe.Model.Encoder.Layers}+{recipe.Model.Decoder.Layers} layers, "
                    + $"{RecipeKey.Format(recipe.Model.Encoder.Variant)}/{RecipeKey.Format(recipe.Model.Decoder.Variant)}, "
                    + $"dim {recipe.Model.Dim}, {replicas.Parameters.Count:N0} parameters; {workers} worker threads"
            )
        );
        var precision = folder.KeepPrecision(() => PrecisionChoice.Make(recipe.Training.Precision, _device));
        replicas.TrainInBfloat16 = precision.Chosen == Precision.Bf16;
        console.Say(precision.ToString());
        replicas.Recompute = recipe.Training.Recompute;
        if (replicas.Recompute)
        {
            console.Say(
                "layers are computed again in the backward pass (training.recompute): less memory, more time, the "
                    + "same numbers"
            );
        }

        var store = new CheckpointStore(folder.Checkpoints);
        Resume(store, trainer, replicas.Model, changes);
        if (trainer.State.Update == 0)
        {
            start.PutInto(trainer, replicas.Model);
        }

        var end = Train(folder, store, trainer, replicas.Model, corpus, stop);
        if (end == TrainingEnd.Interrupted)
        {
            console.Say($"stopped after update {trainer.State.Update}; the same command goes on from there.");
            return null;
        }

        console.Say(
            $"training ended after update {trainer.State.Update}, because "
                + $"{EndWords.Of(end, trainer.State, recipe.Training)}."
        );
        if (store.List().Count == 0)
        {
            throw new UserErrorException(
                $"{folder.Path}: training ended before its first checkpoint ({folder.Log} says why), so there is no "
                    + "model. Worth trying: a lower learning rate, a longer warm-up, more frequent checkpoints with "
                    + "training.divergence.policy=rollback."
            );
        }

        return Finish(folder, store, corpus, replicas, trainer, end, unigramNll, stop);
    }

    /// <summary>Reads the text, and learns subwords from it unless they are given.</summary>
    private PreparedCorpus Prepare(RunFolder folder, SubwordModel? subwords, CancellationToken stop)
    {
        var corpus = Preparation.Of(recipe, console, stop, subwords);
        console.Say(
            $"{corpus.Train.Ledger}\n{corpus.Valid.Ledger}{(corpus.Test is null ? "" : $"\n{corpus.Test.Ledger}")}"
        );
        folder.KeepData(DataRecord.Of(corpus));
        corpus.Subwords.Save(folder.Subwords);
        return corpus;
    }

    private void Resume(CheckpointStore store, Trainer trainer, Transformer model, IReadOnlyList<string> changes)
    {
        var resumed = store.Resume(
            trainer,
            model,
            (damaged, reason, aside) =>
                console.Say(
                    $"{damaged}: {reason.TrimEnd('.')}. It is set aside as {Path.GetFileName(aside)}, and the newest "
                        + "whole one taken."
                )
        );
        if (resumed is not null)
        {
            console.Say($"resuming after update {resumed.Update} of {recipe.Training.MaxUpdates} ({resumed.Folder})");
            if (changes.Count > 0)
            {
                console.Say(
                    $"the command before had {string.Join("; ", changes)}: the run goes on, but may come to other bits."
                );
            }
        }
    }

    private TrainingEnd Train(
        RunFolder folder,
        CheckpointStore store,
        Trainer trainer,
        Transformer model,
        PreparedCorpus corpus,
        CancellationToken stop
    )
    {
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
                    var observer = new RunObserver(
                        log,
                        board,
                        new OffendingBatches(folder.Offending, corpus.Train),
                        new TrainingExamination(recipe, corpus, model),
                        console,
                        progress,
                        recipe.Training
                    );
                    return new TrainingLoop(trainer, model, store, recipe.Training, observer).Run(stop);
                }
            );
        }
        catch (IOException exception) when (folder.IsVanishing(exception))
        {
            throw new UserErrorException(
                $"{folder.Path}: the run folder has vanished while it was in use. If it was moved, go on from its "
                    + "newest checkpoint by naming its new place with --run; if it was removed, the same command "
                    + "starts anew.",
                exception
            );
        }
    }

    private RunResults Finish(
        RunFolder folder,
        CheckpointStore store,
        PreparedCorpus corpus,
        ModelReplicas replicas,
        Trainer trainer,
        TrainingEnd end,
        double unigramNll,
        CancellationToken stop
    )
    {
        var averaged = RunAverage.Write(store.List(), recipe, corpus.Subwords, recipe.Training.Average, folder.Model);
        using var trained = TrainedModel.Load(folder.Model, _device);
        WeightCopy.Into(replicas.Model, trained.Model); // the replicas share the weights of the first: all of them validate the averaged ones
        var state = trainer.State;
        var final = trainer.ValidateWeights();
        if (corpus.Test is null)
        {
            File.Delete(folder.Translations); // of an earlier end, whose results are replaced
        }

        var translations = corpus.Test is null ? null : Translate(folder, trained, corpus.Test, stop);
        var bleu = translations is null
            ? null
            : BleuScorer.Corpus(translations, [.. corpus.Test!.Pairs.Select(pair => pair.Target)]);
        var results = new RunResults
        {
            Recipe = recipe.Name,
            From = BaseModelRecord.In(folder.Path)?.Line(),
            EncoderVariant = recipe.Model.Encoder.Variant,
            DecoderVariant = recipe.Model.Decoder.Variant,
            EncoderLayers = recipe.Model.Encoder.Layers,
            DecoderLayers = recipe.Model.Decoder.Layers,
            Seed = recipe.Seed,
            Parameters = replicas.Parameters.Count,
            End = end,
            EndedBecause = EndWords.Of(end, state, recipe.Training),
            Updates = state.Update,
            SkippedUpdates = state.SkippedUpdates,
            Rollbacks = state.Rollbacks,
            Tokens = state.TargetTokens,
            Seconds = state.Seconds,
            Averaged = averaged.Count,
            Ema = recipe.Training.Ema,
            ValidationLoss = double.IsFinite(final.Loss) ? final.Loss : null,
            ValidationPerplexity = double.IsFinite(final.Perplexity) ? final.Perplexity : null,
            UnigramNll = unigramNll,
            Bleu = bleu?.Score,
            BleuSignature = bleu?.Signature,
        };
        var report = RunReportBuilder.Build(folder, recipe, corpus, results, trained, translations);
        var verdict = RunVerdict.Of(report);
        results = results with { Outcome = verdict.Outcome, Verdict = verdict.Headline };
        Json.Write(folder.Results, results);
        AtomicFile.WriteText(folder.Report, ReportPage.Render(report));
        return results;
    }

    private IReadOnlyList<string> Translate(
        RunFolder folder,
        TrainedModel trained,
        PreparedSet test,
        CancellationToken stop
    )
    {
        var sources = test.Pairs.Select(pair => pair.Source).ToList();
        using var translator = new Translator(
            trained.Model,
            trained.Subwords,
            recipe.Decoding,
            Devices.Workers(_device, recipe.Threads)
        );
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
            folder.Translations,
            string.Concat(
                test.Pairs.Zip(
                    translations,
                    (pair, translation) => TabSeparated.Row(pair.Source, pair.Target, translation.Text)
                )
            )
        );
        return [.. translations.Select(translation => translation.Text)];
    }
}
