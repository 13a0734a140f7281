using System.CommandLine;
using System.Globalization;
using TransformerClinic.Training;

namespace TransformerClinic.Bench.Training;

/// <summary>
/// What measuring sublayers and a moving average add to training, as shares of the processor time of an update without:
/// <c>dotnet run -c Release --project bench -- additions --config C</c>
/// </summary>
internal static class AdditionsCommand
{
    public static Command Create()
    {
        var config = new Option<string>("--config")
        {
            Description = "As in training; C is as wide as the quickstart.",
            DefaultValueFactory = _ => "C",
        };
        config.AcceptOnlyFromAmong([.. TrainingConfiguration.All.Select(one => one.Name)]);
        var rounds = new Option<int>("--rounds")
        {
            Description = "Rounds measured; each trains in every way in turn.",
            DefaultValueFactory = _ => 7,
        };
        var updates = new Option<int>("--updates")
        {
            Description = "Updates of each way in a round.",
            DefaultValueFactory = _ => 40,
        };
        var threads = new Option<int>("--threads")
        {
            Description = "Worker threads.",
            DefaultValueFactory = _ => Environment.ProcessorCount,
        };
        var command = new Command(
            "additions",
            "What measuring sublayers and a moving average of the weights add to training's processor time."
        )
        {
            config,
            rounds,
            updates,
            threads,
        };
        command.SetAction(parsed =>
        {
            var configuration = TrainingConfiguration.All.Single(one => one.Name == parsed.GetRequiredValue(config));
            var threadCount = parsed.GetValue(threads);
            using var plain = new TimedTraining(
                configuration,
                new TrainingOptions { StatisticsEvery = 0 },
                threadCount
            );
            using var measuring = new TimedTraining(
                configuration,
                new TrainingOptions { StatisticsEvery = 1 },
                threadCount
            );
            using var averaging = new TimedTraining(
                configuration,
                new TrainingOptions { StatisticsEvery = 0, Ema = 0.999 },
                threadCount
            );
            var (statistics, average) = (new List<double>(), new List<double>());
            for (var round = -1; round < parsed.GetValue(rounds); round++)
            {
                var (bare, withStatistics, withAverage) = (
                    plain.Seconds(parsed.GetValue(updates)),
                    measuring.Seconds(parsed.GetValue(updates)),
                    averaging.Seconds(parsed.GetValue(updates))
                );
                if (round >= 0)
                {
                    statistics.Add((withStatistics / bare) - 1);
                    average.Add((withAverage / bare) - 1);
                }
            }

            var every = new TrainingOptions().StatisticsEvery;
            Print("measuring sublayers at every update", statistics, 1);
            Print($"measuring sublayers every {every} updates", statistics, every);
            Print("moving average", average, 1);
        });
        return command;
    }

    private static void Print(string what, List<double> shares, int every) =>
        Console.Out.WriteLine(
            string.Create(
                CultureInfo.InvariantCulture,
                $"{what}: {100 * Median.Of(shares) / every:0.000} % of an update's processor time (median of "
                    + $"{shares.Count}, {100 * shares.Min() / every:0.000} to {100 * shares.Max() / every:0.000})"
            )
        );
}
