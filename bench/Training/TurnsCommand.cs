using System.CommandLine;

namespace TransformerClinic.Bench.Training;

/// <summary>
/// Two builds train in turns, each in a process that stays loaded: <c>dotnet run -c Release --project bench -- turns
/// --before FOLDER --config C --text</c>, FOLDER being a published bench of the other build.
/// </summary>
internal static class TurnsCommand
{
    public static Command Create()
    {
        var before = new Option<string>("--before")
        {
            Description = "Folder of the other build's bench.dll.",
            Required = true,
        };
        var config = TrainingOptionsOfBench.Configuration();
        var text = TrainingOptionsOfBench.Text();
        var threads = TrainingOptionsOfBench.Threads();
        var rounds = new Option<int>("--rounds")
        {
            Description = "Rounds measured; in each both builds train in both precisions.",
            DefaultValueFactory = _ => 9,
        };
        var updates = new Option<int>("--updates")
        {
            Description = "Updates of each build and precision in a round.",
            DefaultValueFactory = _ => 20,
        };
        var command = new Command("turns", "Speed of training of two builds that take turns.")
        {
            before,
            config,
            text,
            threads,
            rounds,
            updates,
        };
        command.SetAction(parsed =>
        {
            string[] arguments =
            [
                "updates",
                "--config",
                parsed.GetRequiredValue(config),
                "--threads",
                $"{parsed.GetValue(threads)}",
                .. parsed.GetValue(text) ? ["--text"] : Array.Empty<string>(),
            ];
            using var old = new TrainingProcess(parsed.GetRequiredValue(before), arguments);
            using var now = new TrainingProcess(AppContext.BaseDirectory, arguments);
            foreach (var precision in (string[])["fp32", "bf16"])
            {
                var turns = Turns(old, now, precision, parsed.GetValue(rounds), parsed.GetValue(updates));
                TurnsTable.Write(Console.Out, $"{parsed.GetValue(config)} {precision}", turns);
            }
        });
        return command;
    }

    private static List<(UpdateTimes Before, UpdateTimes After)> Turns(
        TrainingProcess old,
        TrainingProcess now,
        string precision,
        int rounds,
        int updates
    )
    {
        var turns = new List<(UpdateTimes Before, UpdateTimes After)>();
        for (var round = -1; round < rounds; round++)
        {
            // Whoever is first in one round is second in the next.
            UpdateTimes first,
                second;
            if (round % 2 == 0)
            {
                (first, second) = (old.Run(precision, updates), now.Run(precision, updates));
            }
            else
            {
                second = now.Run(precision, updates);
                first = old.Run(precision, updates);
            }

            if (round >= 0)
            {
                turns.Add((first, second));
            }
        }

        return turns;
    }
}
