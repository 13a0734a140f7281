using TransformerClinic.Reproduction.Claims;
using TransformerClinic.Reproduction.SmallTrainings;

namespace TransformerClinic.Reproduction.Studies;

/// <summary>A cell with the results of its trainings, and the conditions that studies put on it.</summary>
/// <param name="Cell">The cell.</param>
/// <param name="Outcomes">One outcome per seed.</param>
internal sealed record TrainedCell(StudyCell Cell, IReadOnlyList<TrainingOutcome> Outcomes)
{
    /// <summary>Model and conditions.</summary>
    public string Label => Cell.Setting.Length == 0 ? Cell.Name : $"{Cell.Name}, {Cell.Setting}";

    /// <summary>How many of its trainings failed.</summary>
    public int Failed => Outcomes.Count(outcome => outcome.Fate != TrainingFate.Trained);

    /// <summary>Whether all of them failed.</summary>
    public bool AllFail => Failed == Outcomes.Count;

    /// <summary>
    /// Held-out negative log-likelihood at the end, mean over seeds; not a number if that of a seed is not.
    /// </summary>
    public double Nll => Outcomes.Average(HeldOut);

    /// <summary>How the trainings ended, in words.</summary>
    public string Ending
    {
        get
        {
            var nll = double.IsFinite(Nll) ? $"nll {StudyWords.Fixed(Nll)}" : "not finite";
            return Failed == 0 ? $"trains, {nll}"
                : AllFail ? $"fails, {nll}"
                : $"fails with {Failed} of {Outcomes.Count} seeds, {nll}";
        }
    }

    /// <summary>The condition that every training succeeded.</summary>
    public Condition Trains() =>
        new(
            $"{Label}: trains with every seed",
            Ending,
            ForAllOrNone(Failed, Outcomes.Count) is { } failed ? !failed : null
        );

    /// <summary>The condition that every training failed.</summary>
    public Condition Fails() => new($"{Label}: fails with every seed", Ending, ForAllOrNone(Failed, Outcomes.Count));

    /// <summary>The condition that the held-out loss ends below another cell's, compared seed by seed.</summary>
    public Condition EndsBelow(TrainedCell other)
    {
        var below = Outcomes
            .Zip(other.Outcomes)
            .Count(pair =>
                HeldOut(pair.First) < HeldOut(pair.Second)
                || (pair.Second.ValidNll is null && pair.First.ValidNll is not null)
            );
        return new(
            $"{Label}: ends below {other.Label} with every seed",
            $"{StudyWords.Fixed(Nll, 3)} and {StudyWords.Fixed(other.Nll, 3)}; below with {below} of "
                + $"{Outcomes.Count} seeds",
            ForAllOrNone(below, Outcomes.Count)
        );
    }

    private static double HeldOut(TrainingOutcome outcome) => outcome.ValidNll ?? double.NaN;

    /// <summary>Null if seeds disagree.</summary>
    private static bool? ForAllOrNone(int count, int all) =>
        count == all ? true
        : count == 0 ? false
        : null;
}
