using System.Globalization;
using TransformerClinic.Common;
using TransformerClinic.Data;
using TransformerClinic.Diagnosis.Findings;
using TransformerClinic.Recipes;
using TransformerClinic.Training.Schedules;

namespace TransformerClinic.Comparisons;

/// <summary>
/// Which trainings a comparison consists of: for each candidate the same rates are tried with the first seed and a part
/// of the budget, and the rate with the lowest validation loss is then trained with every seed. Trainings of a seed
/// have the same initial weights as far as the candidates have the same matrices, the same order of data and the same
/// end.
/// </summary>
/// <param name="recipe">The recipe that they share.</param>
/// <param name="options">What is compared.</param>
internal sealed class ComparisonPlan(Recipe recipe, ComparisonOptions options)
{
    private readonly ComparisonOptions _options = OptionCheck.Valid(options, "comparison");

    /// <summary>The trainings that search for rates, candidate by candidate; empty without rates.</summary>
    /// <exception cref="UserErrorException">Keys of the recipe and of the options do not fit each other.</exception>
    public IReadOnlyList<PlannedTraining> Search() =>
        [
            .. from candidate in _options.Candidates
            from rate in _options.Rates
            select Planned(candidate, rate, _options.Seeds[0], isSearch: true),
        ];

    /// <summary>The trainings that are compared, candidate by candidate.</summary>
    /// <param name="rateOf">The rate of each; null where every rate failed, which is not trained again.</param>
    /// <exception cref="UserErrorException">Keys of the recipe and of the options do not fit each other.</exception>
    public IReadOnlyList<PlannedTraining> Final(Func<Candidate, double?> rateOf) =>
        [
            .. from candidate in _options.Candidates
            let rate = rateOf(candidate)
            where rate is not null
            from seed in _options.Seeds
            select Planned(candidate, rate.Value, seed, isSearch: false),
        ];

    /// <summary>The rate of a candidate without a search: the recipe's, or that of its own settings.</summary>
    public double RateOf(Candidate candidate) => candidate.PutInto(recipe).Training.Schedule.LearningRate;

    /// <summary>
    /// The best of the rates that were tried: the lowest validation loss, of equal ones the lower rate; null where all
    /// diverged. A training of the search that is stuck may only be short, so it counts.
    /// </summary>
    public static double? Best(IEnumerable<ComparedRun> search) =>
        search
            .Where(run => run.Results.Outcome != RunOutcome.Diverged && run.Results.ValidationNll is not null)
            .OrderBy(run => run.Results.ValidationNll)
            .ThenBy(run => run.LearningRate)
            .Select(run => (double?)run.LearningRate)
            .FirstOrDefault();

    private PlannedTraining Planned(Candidate candidate, double rate, long seed, bool isSearch)
    {
        var full = WithBudget(candidate.PutInto(recipe) with { Seed = seed });
        var training = full.Training with { Schedule = full.Training.Schedule with { LearningRate = rate } };
        var planned = full with { Training = training };
        return new PlannedTraining(
            candidate,
            rate,
            seed,
            isSearch,
            OptionCheck.Valid(isSearch ? ForSearch(planned) : planned, "")
        )
        {
            Folder = string.Create(
                CultureInfo.InvariantCulture,
                $"{(isSearch ? "search/" : "")}{candidate.Key}{NameOf(rate)}-seed{seed}"
            ),
        };
    }

    private string NameOf(double rate) => _options.Rates.Count == 0 ? "" : $"-rate{OptionKey.Format(rate)}";

    private Recipe WithBudget(Recipe full)
    {
        if (_options.Tokens is not { } tokens)
        {
            return full;
        }

        if (LearningRateSchedule.EndsWithTraining(full.Training.Schedule))
        {
            throw new UserErrorException(
                $"training.schedule.name is {OptionKey.Format(full.Training.Schedule.Name)}, which falls until "
                    + "training.maxUpdates: the budget of such a training is that number of updates, not of tokens."
            );
        }

        return full with
        {
            Training = full.Training with
            {
                MaxTokens = tokens,
                MaxUpdates = LearningRateSchedule.End(full.Training.Schedule, int.MaxValue),
                MaxMinutes = 0,
            },
        };
    }

    /// <summary>
    /// A part of the budget, no translation, and only what the validation loss at its end needs. It has fewer
    /// checkpoints to average, but all trainings of the search have as many.
    /// </summary>
    private Recipe ForSearch(Recipe full)
    {
        var training = full.Training;
        var end = _options switch
        {
            { SearchTokens: { } tokens } => training with { MaxTokens = tokens },
            { Tokens: { } tokens } => training with { MaxTokens = Half(tokens) },
            _ => training with { MaxUpdates = Half(training.MaxUpdates), MaxMinutes = training.MaxMinutes / 2 },
        };
        return full with
        {
            Data = full.Data with { Test = ParallelFiles.None },
            Training = end with
            {
                KeepLast = 1,
                KeepBest = 0,
                Average = 1,
                StatisticsEvery = 0,
                DiagnoseEvery = 0,
                ValidationTranslations = 0,
            },
        };
    }

    private static int Half(int count) => Math.Max(1, count / 2);
}
