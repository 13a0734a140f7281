using System.CommandLine;
using TransformerClinic.Files;

namespace TransformerClinic.Bench.Training;

/// <summary>Measures training: <c>dotnet run -c Release --project bench -- training --config A --json</c></summary>
internal static class TrainingCommand
{
    public static Command Create()
    {
        var config = TrainingOptionsOfBench.Configuration();
        var text = TrainingOptionsOfBench.Text();
        var rounds = new Option<int>("--rounds")
        {
            Description = "Updates measured in each precision.",
            DefaultValueFactory = _ => 7,
        };
        var threads = TrainingOptionsOfBench.Threads();
        var json = new Option<bool>("--json") { Description = "Prints one JSON object." };
        var command = new Command(
            "training",
            "Speed of training in float32 and bfloat16, interleaved, next to the peak of large matrix products."
        )
        {
            config,
            text,
            rounds,
            threads,
            json,
        };
        command.SetAction(parsed =>
        {
            var configuration = TrainingConfiguration.Named(parsed.GetRequiredValue(config));
            using var benchmark = new TrainingBenchmark(configuration, parsed.GetValue(text), parsed.GetValue(threads));
            var total = TrainingBenchmark.Total(parsed.GetValue(rounds));
            var report = benchmark.Run(
                parsed.GetValue(rounds),
                done => Console.Error.Write($"\rround {done} of {total}")
            );
            Console.Error.WriteLine();
            if (parsed.GetValue(json))
            {
                Console.Out.Write(Json.Text(report));
            }
            else
            {
                TrainingTable.Write(Console.Out, report);
            }
        });
        return command;
    }
}
