using System.CommandLine;
using TransformerClinic.Files;
using TransformerClinic.Reproduction.SmallTrainings;
using static TorchSharp.torch;

namespace TransformerClinic.Bench.Prediction;

/// <summary>
/// Trains the grid for measuring the prediction before training: <c>dotnet run -c Release --project bench --
/// prediction</c>
/// </summary>
internal static class PredictionCommand
{
    public static Command Create()
    {
        var output = new Option<string>("--output")
        {
            Description = "Folder for finished trainings; existing ones are reused.",
            DefaultValueFactory = _ => Path.Combine("runs", "bench-prediction"),
        };
        var only = new Option<bool>("--finished") { Description = "Runs no trainings; uses existing ones." };
        var command = new Command(
            "prediction",
            "Runs the small trainings of a grid (depth x variant x learning rate x warm-up) and measures how often "
                + "the prediction before training is right."
        )
        {
            output,
            only,
        };
        command.SetAction(parsed =>
        {
            set_num_threads(1);
            var text = ReversalTask.Create(GridCell.Text.Reversal!);
            var folder = parsed.GetRequiredValue(output);
            Directory.CreateDirectory(folder);
            CellOutcome[] Outcomes(IReadOnlyList<GridCell> cells) =>
                [
                    .. from cell in cells
                    let path = Path.Combine(folder, $"{cell.Name}.json")
                    where !parsed.GetValue(only) || File.Exists(path)
                    select Outcome(cell, path, text),
                ];
            var table = PredictionTable.Fit(
                Outcomes(GridCell.Known),
                Outcomes(GridCell.Unseen),
                new CellModel(text).Amplification
            );
            Json.Write(Path.Combine(folder, "prediction.json"), table);
            Console.Write(table.Markdown());
            return 0;
        });
        return command;
    }

    private static CellOutcome Outcome(GridCell cell, string path, TaskText text)
    {
        if (File.Exists(path))
        {
            return Json.Read<CellOutcome>(path);
        }

        var outcome = CellTraining.Run(cell, text);
        Json.Write(path, outcome);
        Console.Error.WriteLine(
            $"{cell.Name}: nll {outcome.Nll:0.000} of {outcome.GuessNll:0.000}, {outcome.Seconds:0} s"
        );
        return outcome;
    }
}
