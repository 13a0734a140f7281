using System.Globalization;
using TransformerClinic.Common;
using TransformerClinic.Data;
using TransformerClinic.Diagnosis.Findings;
using TransformerClinic.Distribution;
using TransformerClinic.Files;
using TransformerClinic.Interop.TensorBoard;
using TransformerClinic.Model;
using TransformerClinic.Recipes;
using TransformerClinic.Reports;
using TransformerClinic.Runs;
using TransformerClinic.Scoring.Bleu;
using TransformerClinic.Text;
using TransformerClinic.Training;
using TransformerClinic.Training.Distributed;
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
/// <param name="group">The processes that train together; null for only this one.</param>
internal sealed class TrainingRun(Recipe recipe, string path, IRunConsole console, ProcessGroup? group = null)
{
    private ProcessGroup _group = group ?? new SingleProcess();
    private readonly DeviceName _place = OptionCheck.Valid(recipe, "").Device;
    private Device _device = CPU;

    /// <summary>Where the training set is stored unless the recipe says so; null for the run folder.</summary>
    public string? Corpus { get; init; }

    /// <summary>
    /// Whether a training that ended before its first checkpoint has results, too: those of a failure, without a
    /// model. Otherwise it is an error. Not for several processes.
    /// </summary>
    public bool MayEndWithoutModel { get; init; }

    // Of several processes the first one tells it all.
    private IRunConsole Console => _group.IsFirst ? console : new LineConsole(null);

    /// <summary>Runs to the end.</summary>
    /// <returns>
    /// The results, or null if it was stopped before the end. Of several processes the first one has them all; others
    /// do not know those of averaging, the test set and the verdict.
    /// </returns>
    /// <exception cref="UserErrorException">The recipe, the data or the folder cannot be used.</exception>
    /// <exception cref="ProcessGroupException">A process of the group does not come.</exception>
    public RunResults? Run(CancellationToken stop)
    {
        var processes = _group;
        Strangers.Refuse(processes, ("another version of clinic", RunEnvironment.ProgramVersion));
        Strangers.Refuse(processes, ("another recipe", SharedKeys.Of(recipe)));
        _group = DeviceGroup.Of(processes, _place, TimeSpan.FromMinutes(recipe.Distributed.Patience));
        using var ofDevices = ReferenceEquals(_group, processes) ? null : _group;
        _device = Devices.Open(_place);
        using var products = new ProductPrecision(recipe.Training.MatmulPrecision, _device);
        var workers = Devices.Workers(_device, recipe.Threads);
        var opened = Agreement.Of(_group, () => _group.IsFirst ? Open(workers) : null);
        using var folder = opened?.Folder;
        using var place = new CorpusPlace(Corpus ?? RunFolder.CorpusOf(path), _group.IsFirst);
        var prepared = Prepare(opened, place, stop);
        using var train = prepared.Train as IDisposable;
        using var parts = Build(opened, prepared, workers);
        Resume(parts, opened);

        var end = Train(parts, stop);
        var state = parts.Trainer.State;
        if (end == TrainingEnd.Interrupted)
        {
            Console.Say($"stopped after update {state.Update}; run the same command again to resume.");
            return null;
        }

        SayEnd(parts, end);
        var withoutModel = Results(parts, end, state, 0, new ValidationReport(state.Update, double.NaN, double.NaN));
        if (MayEndWithoutModel && _group.IsFirst && parts.Store.List().Count == 0)
        {
            return Judge(parts, withoutModel).Results;
        }

        Agreement.Of(_group, () => _group.IsFirst && RequireCheckpoint(parts));
        if (!_group.IsFirst)
        {
            return withoutModel;
        }

        var averaged = parts.Average();
        var validation = parts.Trainer.ValidateWeights(alone: true);
        parts.WriteModel();

        var translations = prepared.Test is null ? null : TestTranslation.Of(parts, prepared.Test, Console, stop);
        return Report(parts, Results(parts, end, state, averaged, validation), translations);
    }

    private OpenedRun Open(int workers)
    {
        var start = TrainingStart.Of(recipe, path);
        var folder = RunFolder.Open(path, start.Recipe);
        try
        {
            folder.KeepBase(start.Base);
            foreach (var line in start.Said)
            {
                Console.Say(line);
            }

            return new OpenedRun(folder, start, folder.WriteEnvironment(RunEnvironment.Capture(_device, workers)));
        }
        catch
        {
            folder.Dispose();
            throw;
        }
    }

    /// <summary>
    /// Reads the text, and learns subwords from it unless the run begins with a model's. Of several processes the first
    /// one does it; the others read what it has stored, or where they do not see that, encode the text themselves.
    /// </summary>
    private PreparedCorpus Prepare(OpenedRun? opened, CorpusPlace place, CancellationToken stop)
    {
        var prepared = Agreement.Of(_group, () => opened is null ? null : PrepareFirst(opened, place, stop));
        if (_group.Count == 1)
        {
            return prepared!;
        }

        var subwords = SubwordsOfFirst(prepared?.Subwords);
        return Agreement.Of(_group, () => prepared ?? Preparation.Of(recipe, Console, stop, subwords, place));
    }

    private PreparedCorpus PrepareFirst(OpenedRun opened, CorpusPlace place, CancellationToken stop)
    {
        var prepared = Preparation.Of(recipe, Console, stop, opened.Start.Subwords, place);
        var test = prepared.Test is null ? "" : $"\n{prepared.Test.Ledger}";
        Console.Say($"{prepared.Train.Ledger}\n{prepared.Valid.Ledger}{test}");
        opened.Folder.KeepData(DataRecord.Of(prepared));
        prepared.Subwords.Save(opened.Folder.Subwords);
        return prepared;
    }

    /// <summary>The subwords that the first process has.</summary>
    private SubwordModel SubwordsOfFirst(SubwordModel? mine)
    {
        var file = Path.GetTempFileName();
        try
        {
            mine?.Save(file);
            File.WriteAllBytes(file, Agreement.Bytes(_group, File.ReadAllBytes(file)));
            return mine ?? SubwordModel.Load(file);
        }
        finally
        {
            File.Delete(file);
        }
    }

    private RunParts Build(OpenedRun? opened, PreparedCorpus prepared, int workers)
    {
        var parts = new RunParts(recipe, opened?.Folder, opened?.Start, prepared, _device, workers, _group);
        try
        {
            var (encoder, decoder) = (recipe.Model.Encoder, recipe.Model.Decoder);
            Console.Say(
                string.Create(
                    CultureInfo.InvariantCulture,
                    $"model: {encoder.Layers}+{decoder.Layers} layers, "
                        + $"{encoder.Variant.Key()}/{decoder.Variant.Key()}, "
                        + $"dim {recipe.Model.Dim}, {parts.Replicas.Parameters.Count:N0} parameters; "
                        + $"{workers} worker threads"
                )
            );
            Console.Say(parts.Precision.ToString());
            if (ProductPrecision.Ignored(recipe.Training.MatmulPrecision, _device) is { } ignored)
            {
                Console.Say(ignored);
            }

            if (parts.Replicas.Recompute)
            {
                Console.Say(
                    "layers are computed again in the backward pass (training.recompute): less memory, more time, "
                        + "the same numbers"
                );
            }

            if (_group.Count > 1)
            {
                Compare(parts);
            }

            return parts;
        }
        catch
        {
            parts.Dispose();
            throw;
        }
    }

    /// <summary>Refuses processes that would train something else, and says who trains.</summary>
    private void Compare(RunParts parts)
    {
        Strangers.Refuse(
            _group,
            ("other training data", parts.Corpus.Train.HashOfIds()),
            ("other validation data", parts.Corpus.Valid.HashOfIds()),
            ("another number of parameters", $"{parts.Replicas.Parameters.Count}")
        );
        Console.Say(GroupWords.Begin(_group, parts.Trainer.Share));
        var processors = Strangers.Tell(_group, RunEnvironment.Capture(_device, parts.Workers).Processor);
        foreach (var line in new[] { parts.Trainer.Share.Advice(), GroupWords.Unlike(_group, processors) })
        {
            if (line is not null)
            {
                Console.Say(line);
            }
        }
    }

    private void Resume(RunParts parts, OpenedRun? opened)
    {
        var (found, from) = parts.Checkpoints.Resume(
            parts.Trainer,
            parts.Model,
            (damaged, reason, aside) =>
                Console.Say(
                    $"{damaged}: {reason.TrimEnd('.')}. It is renamed to {Path.GetFileName(aside)}, and the newest "
                        + "intact one is used."
                )
        );
        if (!found)
        {
            Agreement.Of(
                _group,
                () =>
                {
                    opened?.Start.CheckWithoutCheckpoint();
                    return found;
                }
            );
            return;
        }

        var update = parts.Trainer.State.Update;
        Console.Say($"resuming after update {update} of {recipe.Training.MaxUpdates} ({from})");
        if (opened is { Changes: { Count: > 0 } changes })
        {
            Console.Say(
                $"the previous command had {string.Join("; ", changes)}: the run continues, but its bits may differ."
            );
        }
    }

    private TrainingEnd Train(RunParts parts, CancellationToken stop)
    {
        if (!_group.IsFirst)
        {
            return Loop(parts, new SilentObserver()).Run(stop);
        }

        var (folder, trainer) = (parts.Folder, parts.Trainer);
        using var log = RunLog.Open(folder.Log, trainer.State.Update, trainer.State.Rollbacks);
        using var board = new TensorBoardEvents(folder.Path);
        try
        {
            return Console.Work(
                "training",
                "updates",
                recipe.Training.MaxTokens > 0 ? double.PositiveInfinity : recipe.Training.MaxUpdates,
                progress =>
                {
                    var observer = new RunObserver(parts, log, board, Console, progress);
                    return Loop(parts, observer).Run(stop);
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

    private TrainingLoop Loop(RunParts parts, ITrainingObserver observer) =>
        new(parts.Trainer, parts.Model, parts.Checkpoints, recipe.Training, observer);

    private void SayEnd(RunParts parts, TrainingEnd end)
    {
        var state = parts.Trainer.State;
        Console.Say($"training ended after update {state.Update}, because {EndWords.Of(end, state, recipe.Training)}.");
        if (_group.Count > 1)
        {
            Console.Say(GroupWords.Times(parts.Replicas.Clock, recipe.Training.Accumulate));
        }
    }

    private static bool RequireCheckpoint(RunParts parts) =>
        parts.Store.List().Count > 0
            ? true
            : throw new UserErrorException(
                $"{parts.Folder.Path}: training ended before its first checkpoint ({parts.Folder.Log} says why), so "
                    + "there is no model. Worth trying: a lower learning rate, a longer warm-up, more frequent "
                    + "checkpoints with training.divergence.policy=rollback."
            );

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
        var (folder, prepared) = (parts.Folder, parts.Corpus);
        if (translations is null)
        {
            File.Delete(folder.Translations); // of an earlier end, whose results are replaced
        }
        else
        {
            var bleu = BleuScorer.Corpus(translations, [.. prepared.Test!.Pairs.Select(pair => pair.Target)]);
            results = results with { Bleu = bleu.Score, BleuSignature = bleu.Signature };
        }

        var (judged, verdict, builder) = Judge(parts, results);
        AtomicFile.WriteText(folder.Report, ReportPage.Render(builder.Build(judged, verdict, translations)));
        return judged;
    }

    private static (RunResults Results, RunVerdict Verdict, RunReportBuilder Builder) Judge(
        RunParts parts,
        RunResults results
    )
    {
        var builder = new RunReportBuilder(parts, RunLog.Read(parts.Folder.Log));
        var verdict = builder.Judge(results);
        results = results with { Outcome = verdict.Outcome, Verdict = verdict.Headline };
        Json.Write(parts.Folder.Results, results);
        return (results, verdict, builder);
    }

    /// <summary>What only the first process has.</summary>
    /// <param name="Folder">The run folder.</param>
    /// <param name="Start">What training begins with.</param>
    /// <param name="Changes">What the machine has other than before, in words.</param>
    private sealed record OpenedRun(RunFolder Folder, TrainingStart Start, IReadOnlyList<string> Changes);
}
