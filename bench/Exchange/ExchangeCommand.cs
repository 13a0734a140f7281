using System.CommandLine;
using System.Globalization;
using TransformerClinic.Distribution;
using TransformerClinic.Files;

namespace TransformerClinic.Bench.Exchange;

/// <summary>
/// What exchanging the gradients of an update costs, next to the library's own sum:
/// <c>mpirun -n 2 bench/bin/Release/net10.0/bench exchange</c>
/// </summary>
internal static class ExchangeCommand
{
    public static Command Create()
    {
        var sizes = new Option<int[]>("--megabytes")
        {
            Description = "Sizes of the gradients, 4 bytes per parameter.",
            AllowMultipleArgumentsPerToken = true,
            DefaultValueFactory = _ => [10, 40, 147, 200],
        };
        var repeats = new Option<int>("--repeats")
        {
            Description = "Measurements of each, of which the median is printed.",
            DefaultValueFactory = _ => 5,
        };
        var json = new Option<bool>("--json") { Description = "Prints one JSON object per size." };
        var command = new Command("exchange", "Times the exchange of gradients between processes that MPI starts.")
        {
            sizes,
            repeats,
            json,
        };
        command.SetAction(parsed =>
        {
            using var group = ProcessGroups.OfLaunch(new DistributedOptions());
            if (group is not MpiGroup processes)
            {
                Console.Error.WriteLine("One process has nobody to exchange with: start this with mpirun -n 2.");
                return 2;
            }

            if (group.IsFirst && !parsed.GetValue(json))
            {
                Console.WriteLine(
                    $"{group.Count} processes on {group.Hosts.Distinct().Count()} machines ({group.Engine}); ms, "
                        + $"medians of {parsed.GetValue(repeats)}"
                );
                Console.WriteLine(
                    "| MB | library's sum | ours: to shards | addition | back | ours in all | broadcast |"
                );
                Console.WriteLine("|---:|---:|---:|---:|---:|---:|---:|");
            }

            foreach (var size in parsed.GetValue(sizes)!)
            {
                using var exchange = new TimedExchange(processes, size * 1_000_000L / sizeof(float));
                var times = exchange.Measure(parsed.GetValue(repeats));
                if (group.IsFirst)
                {
                    Console.WriteLine(parsed.GetValue(json) ? Json.Line(new { size, times }) : Row(size, times));
                }
            }

            return 0;
        });
        return command;
    }

    private static string Row(int size, ExchangeTimes times) =>
        string.Create(
            CultureInfo.InvariantCulture,
            $"| {size} | {times.Library:0} | {times.ToShards:0} | {times.Addition:0} | {times.Back:0} "
                + $"| {times.InAll:0} | {times.Broadcast:0} |"
        );
}
