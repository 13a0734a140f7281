using System.CommandLine;

namespace TransformerClinic.Bench.Recompute;

/// <summary>
/// What recomputing activations saves and costs: <c>dotnet run -c Release --project bench -- recompute</c>
/// </summary>
internal static class RecomputeCommand
{
    public static Command Create()
    {
        var depths = new Option<int[]>("--layers")
        {
            Description = "Layers of either stack whose memory is measured, each in its own process.",
            DefaultValueFactory = _ => [24, 100, 200],
            AllowMultipleArgumentsPerToken = true,
        };
        var keep = new Option<int>("--keep-up-to")
        {
            Description = "Memory without recomputing is measured up to this many layers.",
            DefaultValueFactory = _ => 100,
        };
        var costLayers = new Option<int>("--cost-layers")
        {
            Description = "Layers of either stack whose time is measured.",
            DefaultValueFactory = _ => 24,
        };
        var rounds = new Option<int>("--rounds")
        {
            Description = "Updates measured with and without.",
            DefaultValueFactory = _ => 7,
        };
        var threads = ThreadsOption();
        var command = new Command(
            "recompute",
            "Peak memory of deep, narrow models with and without training.recompute, and its cost in time, "
                + "interleaved in one process."
        )
        {
            depths,
            keep,
            costLayers,
            rounds,
            threads,
        };
        command.Subcommands.Add(Memory());
        command.SetAction(parsed =>
        {
            PrintMemory(parsed.GetValue(depths)!, parsed.GetValue(keep), parsed.GetValue(threads));
            PrintCost(parsed.GetValue(costLayers), parsed.GetValue(rounds), parsed.GetValue(threads));
        });
        return command;
    }

    /// <summary>What the started processes do.</summary>
    private static Command Memory()
    {
        var layers = new Option<int>("--layers") { Description = "Layers of either stack.", Required = true };
        var recompute = new Option<bool>("--recompute") { Description = "Whether layers are computed again." };
        var bfloat16 = new Option<bool>("--bf16") { Description = "Whether products are in bfloat16." };
        var threads = ThreadsOption();
        var command = new Command("memory", "One measurement of memory in this process, as a line of JSON.")
        {
            layers,
            recompute,
            bfloat16,
            threads,
        };
        command.SetAction(parsed =>
            Console.WriteLine(
                PeakMemory.OfThisProcess(
                    parsed.GetValue(layers),
                    parsed.GetValue(recompute),
                    parsed.GetValue(bfloat16),
                    parsed.GetValue(threads)
                )
            )
        );
        return command;
    }

    private static Option<int> ThreadsOption() =>
        new("--threads") { Description = "Worker threads.", DefaultValueFactory = _ => Environment.ProcessorCount };

    private static void PrintMemory(int[] depths, int keepUpTo, int workers)
    {
        Console.WriteLine("peak resident memory of the whole process, GiB");
        Console.WriteLine("layers    parameters  precision      kept  recomputed");
        foreach (var layers in depths)
        {
            foreach (var bfloat16 in new[] { false, true })
            {
                var kept =
                    layers <= keepUpTo ? PeakMemory.OfNewProcess(layers, recompute: false, bfloat16, workers) : null;
                var recomputed = PeakMemory.OfNewProcess(layers, recompute: true, bfloat16, workers);
                Console.WriteLine(
                    $"{$"{layers}+{layers}", -8}{recomputed.Parameters, 12:N0}  "
                        + $"{(bfloat16 ? "bf16" : "fp32")}{kept?.PeakGib, 15:0.00}{recomputed.PeakGib, 12:0.00}"
                );
            }
        }
    }

    private static void PrintCost(int layers, int rounds, int workers)
    {
        using var training = new DeepTraining(layers, workers);
        Console.WriteLine($"seconds per update, {layers}+{layers} layers, medians of {rounds}, by turns");
        Console.WriteLine("precision      kept  recomputed  ratio (smallest and largest of a pair)");
        foreach (var bfloat16 in new[] { false, true })
        {
            training.Replicas.Bfloat16 = bfloat16;
            (double Kept, double Recomputed)[] pairs =
            [
                .. Enumerable.Range(0, rounds + 1).Select(_ => Pair(training)).Skip(1),
            ];
            double[] ratios = [.. pairs.Select(pair => pair.Recomputed / pair.Kept).Order()];
            Console.WriteLine(
                $"{(bfloat16 ? "bf16" : "fp32"), -9}{Median.Of(pairs.Select(pair => pair.Kept)), 10:0.000}"
                    + $"{Median.Of(pairs.Select(pair => pair.Recomputed)), 12:0.000}{Median.Of(ratios), 7:0.00} "
                    + $"({ratios[0]:0.00}, {ratios[^1]:0.00})"
            );
        }
    }

    private static (double Kept, double Recomputed) Pair(DeepTraining training)
    {
        training.Replicas.Recompute = false;
        var kept = training.Update();
        training.Replicas.Recompute = true;
        return (kept, training.Update());
    }
}
