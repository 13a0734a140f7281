using System.Diagnostics;
using System.Text;
using TransformerClinic.Common;
using TransformerClinic.Comparisons.Presentation;
using TransformerClinic.Files;
using TransformerClinic.Recipes;
using TransformerClinic.Runs;
using TransformerClinic.Workflows;

namespace TransformerClinic.Comparisons;

/// <summary>
/// Trains each candidate with the same recipe: same seeds, order of data and budget; only what the candidate sets
/// differs, and the learning rate, which the same search finds for each. A failed training is a result. Run again in
/// the same folder, it resumes where it stopped.
/// </summary>
/// <param name="recipe">The recipe that all share.</param>
/// <param name="options">What is compared.</param>
/// <param name="folder">The comparison's folder.</param>
/// <param name="console">Shows what happens.</param>
internal sealed class ComparisonRun(Recipe recipe, ComparisonOptions options, string folder, IRunConsole console)
{
    private readonly ComparisonPlan _plan = new(recipe, options);
    private readonly List<ComparedRun> _search = [];
    private readonly List<ComparedRun> _runs = [];

    /// <summary>Trains them all.</summary>
    /// <returns>The results, or null if it was stopped before the end.</returns>
    /// <exception cref="UserErrorException">There is nothing to compare, or a training cannot start.</exception>
    public ComparisonResults? Run(CancellationToken stop)
    {
        CheckStart();
        var search = _plan.Search();
        var atMost = _plan.Final(AnyRateOf); // keys that do not fit are found now and not after hours of training
        var progress = new ComparisonProgress(
            console,
            Length(search) + Length(atMost),
            Clock(),
            () => ProcessMemory.WorkingSet
        );
        var count = search.Count + atMost.Count;
        foreach (var (i, planned) in search.Index())
        {
            if (!Train(planned, $"{i + 1} of {count}", progress, _search, stop))
            {
                return Stopped(i, count);
            }
        }

        var final = _plan.Final(RateOf);
        SayFailedSearches();
        count = search.Count + final.Count;
        foreach (var (i, planned) in final.Index())
        {
            if (!Train(planned, $"{search.Count + i + 1} of {count}", progress, _runs, stop))
            {
                return Stopped(search.Count + i, count);
            }
        }

        CheckData([.. search, .. final]);
        return Write(complete: true);
    }

    private void CheckStart()
    {
        if (options.Candidates.Count > 1 && recipe.Training.From is { Length: > 0 } from)
        {
            throw new UserErrorException(
                $"training.from is {from}: a trained model has its own residual variant, so "
                    + $"{string.Join(", ", options.Candidates.Select(candidate => candidate.Key))} cannot all begin "
                    + "from it. Leave training.from empty to compare variants, or name the model's variant only."
            );
        }

        FolderPath.RefuseFiles(Path.GetFullPath(folder), folder);
    }

    private double? AnyRateOf(Candidate candidate) =>
        options.Rates.Count == 0 ? _plan.RateOf(candidate) : options.Rates[0];

    private double? RateOf(Candidate candidate) =>
        options.Rates.Count == 0 ? _plan.RateOf(candidate) : ComparisonPlan.Best(SearchOf(candidate));

    private IEnumerable<ComparedRun> SearchOf(Candidate candidate) =>
        _search.Where(run => run.Candidate.Key == candidate.Key);

    /// <summary>Trains, or takes what an earlier command has trained.</summary>
    /// <returns>Whether it got to its end.</returns>
    private bool Train(
        PlannedTraining planned,
        string place,
        ComparisonProgress progress,
        List<ComparedRun> results,
        CancellationToken stop
    )
    {
        var path = Path.Combine(folder, planned.Folder);
        var run = Kept(planned, path);
        if (run is null)
        {
            console.Say($"== {planned.Folder} ({place}): {planned.Words}");
            ProcessMemory.Release();
            progress.Begin($"training {place}", Length([planned]));
            run = Trained(planned, path, progress, stop);
            progress.End();
            if (run is null)
            {
                return false;
            }

            console.Say($"{planned.Folder}: {run.Results.Verdict}");
        }
        else
        {
            progress.Skip(Length([planned]));
        }

        if (planned.IsSearch)
        {
            RemoveWeights(path);
        }
        else if (options.Diagnoses && planned.Seed == options.Seeds[0] && run.Diagnosis is null)
        {
            if (Diagnosed(planned, run, stop) is not { } diagnosed)
            {
                return false;
            }

            Json.Write(Path.Combine(path, ComparedRun.FileName), run = diagnosed);
        }

        results.Add(run);
        Write(complete: false);
        return true;
    }

    private static ComparedRun? Kept(PlannedTraining planned, string path)
    {
        var file = Path.Combine(path, ComparedRun.FileName);
        return File.Exists(file) && Json.Read<ComparedRun>(file) is var run && run.RecipeHash == HashOf(planned)
            ? run
            : null;
    }

    private ComparedRun? Trained(
        PlannedTraining planned,
        string path,
        ComparisonProgress progress,
        CancellationToken stop
    )
    {
        var training = new TrainingRun(planned.Recipe, path, progress)
        {
            Corpus = RunFolder.CorpusOf(folder), // they train on the same text
            MayEndWithoutModel = true,
        };
        if (Results(training, stop) is not { } results)
        {
            return null;
        }

        var run = new ComparedRun
        {
            Candidate = planned.Candidate,
            LearningRate = planned.LearningRate,
            Seed = planned.Seed,
            Folder = planned.Folder,
            Results = results,
            MemoryMiB = progress.PeakMiB is { } peak ? Math.Round(peak) : null,
            RecipeHash = HashOf(planned),
        };
        Json.Write(Path.Combine(path, ComparedRun.FileName), run);
        return run;
    }

    private static RunResults? Results(TrainingRun training, CancellationToken stop)
    {
        try
        {
            return training.Run(stop);
        }
        catch (OperationCanceledException)
        {
            return null; // while it prepared its text or translated the test set
        }
    }

    private ComparedRun? Diagnosed(PlannedTraining planned, ComparedRun run, CancellationToken stop)
    {
        try
        {
            return run with { Diagnosis = new CandidateExamination(folder, console).Of(planned, stop) };
        }
        catch (OperationCanceledException)
        {
            return null;
        }
    }

    /// <summary>What a training of the search leaves are its numbers: results, log and page.</summary>
    private static void RemoveWeights(string path)
    {
        foreach (var name in new[] { RunFolder.CheckpointsName, RunFolder.ModelName })
        {
            if (Path.Combine(path, name) is var inner && Directory.Exists(inner))
            {
                Directory.Delete(inner, recursive: true);
            }
        }
    }

    private void SayFailedSearches()
    {
        foreach (var candidate in options.Candidates.Where(candidate => RateOf(candidate) is null))
        {
            console.Say(
                $"{candidate.Key} diverged at every learning rate of the search, so it is not trained further."
            );
        }
    }

    private ComparisonResults? Stopped(int done, int count)
    {
        console.Say($"{done} of {count} trainings have ended; run the same command again to resume.");
        return null;
    }

    /// <summary>An interrupted comparison may have been resumed with other text.</summary>
    private void CheckData(IReadOnlyList<PlannedTraining> trained)
    {
        var records = trained
            .Select(planned => Path.Combine(folder, planned.Folder, "data.json"))
            .Select(path => (Path: path, Record: Json.Read<DataRecord>(path)))
            .ToList();
        foreach (var (path, record) in records)
        {
            if (record.ChangesSince(records[^1].Record) is { } changes)
            {
                throw new UserErrorException(
                    $"{path}: the data has changed between the trainings of this comparison: {changes}. Remove the "
                        + "run folders that were trained on the old data, and run the same command again."
                );
            }
        }
    }

    private ComparisonResults Write(bool complete)
    {
        var first = Path.Combine(folder, (_runs.Count > 0 ? _runs : _search)[0].Folder!);
        var results = new ComparisonResults
        {
            Recipe = recipe.Name,
            Complete = complete,
            Setting = SettingOf(Path.Combine(first, "data.json")),
            Environment = RunFolder.ReadEnvironment(first).Lines(),
            Search = _search,
            Runs = _runs,
        };
        ComparisonFolder.Write(folder, recipe, options, results);
        return results;
    }

    private ComparisonSetting SettingOf(string data)
    {
        var (model, training) = (recipe.Model, recipe.Training);
        return new ComparisonSetting(
            model.Encoder.Layers,
            model.Decoder.Layers,
            model.Dim,
            model.FeedForwardDim,
            $"{recipe.Data.SourceLanguage}-{recipe.Data.TargetLanguage}",
            Json.Read<DataRecord>(data).Ledgers.FirstOrDefault(ledger => ledger.Set == "train")?.Kept,
            (long)training.TokensPerBatch * training.Accumulate,
            training.Schedule.WarmUpUpdates,
            options.Rates,
            BudgetWords()
        );
    }

    private string BudgetWords()
    {
        var training = recipe.Training;
        var updates = $"{Numbers.Count(training.MaxUpdates)} updates";
        return options.Tokens is { } tokens ? $"{Numbers.Count(tokens)} target tokens"
            : training.MaxMinutes > 0 ? $"{updates}, or {Numbers.ThreeDigits(training.MaxMinutes)} minutes"
            : updates;
    }

    private static string HashOf(PlannedTraining planned) =>
        ContentHash.Of(
            Encoding.UTF8.GetBytes(
                string.Join(
                    '\n',
                    RecipeSchema
                        .Values(planned.Recipe)
                        .Where(value => value.Key.StartsWith("decoding.", StringComparison.Ordinal))
                        .Select(value => $"{value.Key}: {RecipeKey.Format(value.Value)}")
                        .Prepend(SharedKeys.Of(planned.Recipe))
                        .Append($"test: {!planned.Recipe.Data.Test.IsNone}")
                )
            )
        );

    /// <summary>The length of trainings, in those of a whole one.</summary>
    private double Length(IReadOnlyList<PlannedTraining> trainings) =>
        trainings.Sum(planned =>
            !planned.IsSearch ? 1
            : options.Tokens is { } all && options.SearchTokens is { } part ? (double)part / all
            : 0.5
        );

    private static Func<TimeSpan> Clock()
    {
        var clock = Stopwatch.StartNew();
        return () => clock.Elapsed;
    }
}
