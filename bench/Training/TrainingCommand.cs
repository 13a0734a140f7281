using System.CommandLine;
using TransformerClinic.Common;
using TransformerClinic.Files;
using TransformerClinic.Training;

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
        var device = new Option<DeviceName>("--device")
        {
            Description = "cpu or cuda, which has one worker.",
            DefaultValueFactory = _ => DeviceName.Cpu,
        };
        var matmul = new Option<MatmulPrecision>("--matmul-precision")
        {
            Description = "highest or high, which is TensorFloat-32 for float32 products on CUDA.",
            DefaultValueFactory = _ => MatmulPrecision.Highest,
        };
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
            device,
            matmul,
            json,
        };
        command.SetAction(parsed =>
        {
            var configuration = TrainingConfiguration.Named(parsed.GetRequiredValue(config));
            var place = Devices.Open(parsed.GetValue(device));
            using var products = new ProductPrecision(parsed.GetValue(matmul), place);
            using var benchmark = new TrainingBenchmark(
                configuration,
                parsed.GetValue(text),
                Devices.Workers(place, parsed.GetValue(threads)),
                place
            );
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
