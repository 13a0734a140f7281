using System.CommandLine;
using TransformerClinic.Diagnosis.Findings;
using TransformerClinic.Files;
using TransformerClinic.Reproduction.SmallTrainings;
using static TorchSharp.torch;

namespace TransformerClinic.Bench.Prediction;

/// <summary>
/// Fits and tests the prediction before training: <c>dotnet run -c Release --project bench -- prediction</c>
/// </summary>
internal static class PredictionCommand
{
    public static Command Create()
    {
        var output = new Option<string>("--output")
        {
            Description = "Folder for trainings and results.",
            DefaultValueFactory = _ => Path.Combine("runs", "bench-prediction"),
        };
        var data = new Option<string>("--data")
        {
            Description = "Folder with the known ends of trainings.",
            DefaultValueFactory = _ => Path.Combine("docs", "data"),
        };
        var again = new Option<bool>("--train")
        {
            Description = "Trains both grids again; without it their known ends are used. Finished ones are kept.",
        };
        var command = new Command(
            "prediction",
            "Fits the prediction before training on half a grid of small trainings (depth x variant x learning rate x "
                + "warm-up) and measures how often it is right on the others, on the trainings of the studies, and on "
                + "those of the recipes."
        )
        {
            output,
            data,
            again,
        };
        command.SetAction(parsed =>
        {
            set_num_threads(1);
            var folder = parsed.GetRequiredValue(output);
            Directory.CreateDirectory(folder);
            var table = PredictionTable.Fit([
                .. Grids(folder, parsed.GetRequiredValue(data), parsed.GetValue(again)),
                .. Studies(parsed.GetRequiredValue(data)),
                .. RecipeOutcome.All.SelectMany(recipe => recipe.Measure()),
            ]);
            Json.Write(Path.Combine(folder, "prediction.json"), table);
            AtomicFile.WriteText(Path.Combine(folder, "prediction.md"), table.Markdown());
            Console.Write(table.Markdown());
            return 0;
        });
        return command;
    }

    private static IEnumerable<(KnownTraining Known, TrainingSigns Signs)> Grids(
        string folder,
        string data,
        bool trainsAgain
    )
    {
        var text = new Lazy<TaskText>(() => ReversalTask.Create(GridCell.Text.Reversal!));
        var signs = new SignsTable(new TaskTexts(""));
        var known = trainsAgain ? null : GridOutcomes.Read(Path.Combine(data, GridOutcomes.FileName));
        var sources = PredictionTable
            .Halves(GridCell.Known.Count)
            .Concat(GridCell.Unseen.Select(_ => PredictionTable.Second));
        foreach (var (cell, source) in GridCell.Known.Concat(GridCell.Unseen).Zip(sources))
        {
            var outcome = known?[cell] ?? Train(cell, Path.Combine(folder, $"{cell.Name}.json"), text);
            var training = new SmallTraining(GridCell.Text, cell.Model, cell.Training, cell.Seed);
            yield return (Known(source, training, outcome.Trained, outcome.Nll), signs.Of(training));
        }
    }

    private static IEnumerable<(KnownTraining Known, TrainingSigns Signs)> Studies(string data)
    {
        var signs = new SignsTable(new TaskTexts(Path.Combine("corpora", "libreoffice-help")));
        foreach (var (study, training, trained, nll) in StudyOutcomes.Read(Path.Combine(data, "reproduction")))
        {
            yield return (Known(study, training, trained, nll), signs.Of(training));
        }
    }

    private static KnownTraining Known(string source, SmallTraining training, bool trained, double? nll) =>
        new(source, training.Model.Encoder, training.Model.Decoder, training.Training, training.Seed, trained, nll);

    private static CellOutcome Train(GridCell cell, string path, Lazy<TaskText> text)
    {
        if (File.Exists(path))
        {
            return Json.Read<CellOutcome>(path);
        }

        var outcome = CellTraining.Run(cell, text.Value);
        Json.Write(path, outcome);
        Console.Error.WriteLine(
            $"{cell.Name}: nll {outcome.Nll:0.000} of {outcome.GuessNll:0.000}, {outcome.Seconds:0} s"
        );
        return outcome;
    }
}
