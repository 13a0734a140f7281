using TransformerClinic.Recipes;
using TransformerClinic.Runs;
using TransformerClinic.Training;

namespace TransformerClinic.Web.Tests.Runs;

/// <summary>A run folder whose log is written as a training writes it, without one.</summary>
internal sealed class LoggedRun : IDisposable
{
    private readonly RunLog _log;

    /// <summary>Begins a run in a folder.</summary>
    public LoggedRun(string folder, Func<Recipe, Recipe>? change = null)
    {
        Folder = folder;
        Directory.CreateDirectory(folder);
        var recipe = new Recipe
        {
            Name = Path.GetFileName(folder),
            Data = new() { Train = new("train.tsv"), Valid = new("valid.tsv") },
            Training = new TrainingOptions { MaxUpdates = 1000 },
        };
        File.WriteAllText(
            Path.Combine(folder, RunFolder.RecipeName),
            RecipeWriter.Write(change is null ? recipe : change(recipe))
        );
        _log = RunLog.Open(LogPath, 0);
    }

    public string Folder { get; }

    public string LogPath => Path.Combine(Folder, RunFolder.LogName);

    /// <summary>Adds lines on training.</summary>
    public LoggedRun Train(params IEnumerable<long> steps)
    {
        foreach (var step in steps)
        {
            Append(
                new LogEntry
                {
                    Kind = LogKind.Train,
                    Step = step,
                    Loss = 8 - (step / 200.0),
                    Nll = 8 - (step / 200.0),
                    Perplexity = Math.Exp(8 - (step / 200.0)),
                    LearningRate = 1e-3,
                    GradientNorm = 2 + Math.Sin(step),
                    TokensPerSecond = 1000,
                    Seconds = step / 10.0,
                }
            );
        }

        return this;
    }

    /// <summary>Adds a validation.</summary>
    public LoggedRun Valid(long step)
    {
        var nll = 7 - (step / 300.0);
        Append(
            new LogEntry
            {
                Kind = LogKind.Valid,
                Step = step,
                Loss = nll,
                Nll = nll,
                Perplexity = Math.Exp(nll),
                Seconds = step / 10.0,
            }
        );
        return this;
    }

    /// <summary>The guard goes back: lines after an update vanish, and one says so.</summary>
    public void GoBackTo(long step, string? kept = null)
    {
        _log.GoBackTo(step, 0);
        Append(
            new LogEntry
            {
                Kind = LogKind.Rollback,
                Step = step,
                Cause = "the loss jumped",
                Offending = kept,
                Rollbacks = 1,
                Seconds = 500,
            }
        );
    }

    /// <summary>Adds a line.</summary>
    public void Append(LogEntry entry) => _log.Append(entry);

    /// <summary>Keeps a batch as the guard does.</summary>
    public void KeepBatch(string name)
    {
        var folder = Path.Combine(Folder, "offending", name);
        Directory.CreateDirectory(folder);
        File.WriteAllText(
            Path.Combine(folder, "batch.json"),
            """
            {"update": 33, "rollbacks": 1, "kind": "jump", "treatment": "rolled-back", "cause": "the loss jumped",
             "where": "decoder 2", "batches": [{"epoch": 1, "hash": "0123456789abcdef",
             "examples": [{"example": 0, "source": [4, 2], "target": [5, 2]}]}]}
            """
        );
        File.WriteAllText(Path.Combine(folder, "batch.tsv"), "Eine <Quelle>\tA source\n");
        File.WriteAllText(Path.Combine(folder, "undone.jsonl"), "{}\n{}\n");
    }

    public void Dispose() => _log.Dispose();
}
