using TransformerClinic.Data;
using TransformerClinic.Recipes;
using TransformerClinic.Tests.TestSupport;
using TransformerClinic.Text;
using TransformerClinic.Training;
using TransformerClinic.Training.Schedules;
using TransformerClinic.Workflows;

namespace TransformerClinic.Tests.Workflows;

/// <summary>
/// A recipe whose run takes a second, with its text: epochs of a few updates, dropout everywhere, two batches an
/// update, and an end beside the schedule of checkpoints.
/// </summary>
internal sealed class TinyRecipe : IDisposable
{
    public const int Updates = 13;

    private readonly TemporaryFolder _folder = new();
    private readonly string _text;

    /// <param name="textOf">Whose text it reads; it writes its own if this is null.</param>
    public TinyRecipe(TinyRecipe? textOf = null)
    {
        _text = (textOf?._folder ?? _folder).FullName;
        if (textOf is null)
        {
            NumberWords.Write(_folder.PathOf("train.tsv"), lines: 24, longest: 5);
            NumberWords.Write(_folder.PathOf("valid.tsv"), lines: 10);
        }
    }

    public Recipe Recipe =>
        new()
        {
            Name = "tiny",
            Threads = 2,
            Data = new DataOptions
            {
                Train = new(Path.Combine(_text, "train.tsv")),
                Valid = new(Path.Combine(_text, "valid.tsv")),
            },
            Subwords = new SubwordOptions { Merges = 30 },
            Model = SmallModel.Options() with { MaxPositions = 256 },
            Training = new TrainingOptions
            {
                MaxUpdates = Updates,
                TokensPerBatch = 60,
                Precision = Precision.Bf16,
                Accumulate = 2,
                ClipNorm = 1,
                Optimizer = new OptimizerOptions { WeightDecay = 1e-3 },
                Schedule = new ScheduleOptions { LearningRate = 1e-2, WarmUpUpdates = 4 },
                LogEvery = 4,
                ValidateEvery = 5,
                CheckpointEvery = 3,
                KeepLast = 3,
                KeepBest = 1,
                Average = 3,
            },
        };

    public string PathOf(string name) => _folder.PathOf(name);

    /// <summary>
    /// Runs to the end, stopped on the way after each of the given updates; what it left, and what was said.
    /// </summary>
    public (IReadOnlyList<string> Left, IReadOnlyList<string> Said) Run(Recipe recipe, string name, params int[] cuts)
    {
        foreach (var cut in cuts)
        {
            using var stopping = new StoppingConsole(cut);
            Assert.Null(new TrainingRun(recipe, PathOf(name), stopping).Run(stopping.Stop));
            Assert.Contains(
                stopping.Lines,
                line => line.EndsWith("; run the same command again to resume.", StringComparison.Ordinal)
            );
        }

        using var console = new StoppingConsole();
        Assert.NotNull(new TrainingRun(recipe, PathOf(name), console).Run(console.Stop));
        return (RunFingerprint.Of(PathOf(name)), console.Lines);
    }

    public void Dispose() => _folder.Dispose();
}
