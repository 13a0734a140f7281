using TransformerClinic.Common;
using TransformerClinic.Data;
using TransformerClinic.Recipes;
using TransformerClinic.Runs;
using TransformerClinic.Training.Schedules;
using TransformerClinic.Workflows;

namespace TransformerClinic.Tests.Workflows.FineTuning;

/// <summary>
/// A tiny run that was trained, and a recipe that begins from it: other text, another seed, another learning rate.
/// </summary>
internal sealed class TunedRecipe : IDisposable
{
    private readonly TinyRecipe _tiny;

    public TunedRecipe(TrainedTinyRecipe trained)
    {
        _tiny = new(textOf: trained.Tiny);
        NumberWords.Write(PathOf("more.tsv"), lines: 30, longest: 4);
        trained.CopyTo(PathOf("base"));
    }

    /// <summary>The recipe of the run that was trained, in the folder <c>base</c>.</summary>
    public Recipe Base => _tiny.Recipe;

    public Recipe Recipe => From("base");

    public string PathOf(string name) => _tiny.PathOf(name);

    /// <summary>The recipe that begins from the model at a path.</summary>
    public Recipe From(string model) =>
        Base with
        {
            Name = "tuned",
            Seed = 5,
            Data = new DataOptions { Train = new(PathOf("more.tsv")), Valid = Base.Data.Valid },
            Training = Base.Training with
            {
                From = PathOf(model),
                MaxUpdates = 10,
                Schedule = new ScheduleOptions { LearningRate = 2e-3, WarmUpUpdates = 2 },
            },
        };

    public (IReadOnlyList<string> Left, IReadOnlyList<string> Said) Run(
        Recipe recipe,
        string name,
        params int[] cuts
    ) => _tiny.Run(recipe, name, cuts);

    /// <summary>
    /// Begins a run and stops it after its first update; what it was before its first checkpoint is left.
    /// </summary>
    public void BeginOnly(Recipe recipe, string name)
    {
        Begin(recipe, name);
        Directory.Delete(PathOf($"{name}/checkpoints"), recursive: true);
    }

    /// <summary>Begins a run and stops it after its first update.</summary>
    public void Begin(Recipe recipe, string name)
    {
        using var stopping = new StoppingConsole(stopAfter: 1);
        Assert.Null(new TrainingRun(recipe, PathOf(name), stopping).Run(stopping.Stop));
        Assert.NotNull(BaseModelRecord.In(PathOf(name)));
    }

    /// <summary>What a user is told who starts this run.</summary>
    public string Mistake(Recipe recipe, string name)
    {
        using var console = new StoppingConsole();
        return Assert
            .Throws<UserErrorException>(() => new TrainingRun(recipe, PathOf(name), console).Run(console.Stop))
            .Message;
    }

    public void Dispose() => _tiny.Dispose();
}
