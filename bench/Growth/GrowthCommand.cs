using System.CommandLine;
using TransformerClinic.Files;
using TransformerClinic.Training;

namespace TransformerClinic.Bench.Growth;

/// <summary>
/// Whether the memory of a long training grows: <c>dotnet run -c Release --project bench -- growth --updates 5000</c>
/// </summary>
internal static class GrowthCommand
{
    private const int Every = 500;
    private const double MiB = 1 << 20;

    public static Command Create()
    {
        var updates = new Option<int>("--updates")
        {
            Description = "Updates to train for, in fp32 and again in bf16.",
            DefaultValueFactory = _ => 5000,
        };
        var json = new Option<bool>("--json") { Description = "Prints one JSON object." };
        var command = new Command(
            "growth",
            "Counts tensors and memory while a small model trains; the exit code is 1 if they grow after the first "
                + "500 updates."
        )
        {
            updates,
            json,
        };
        command.SetAction(parsed =>
        {
            // The second training starts with the process as the first left it, so each is judged separately.
            var found = new[] { Precision.Fp32, Precision.Bf16 }.ToDictionary(
                precision => precision,
                precision => Run(parsed.GetValue(updates), precision)
            );
            var grew = found.Values.Any(GrowthStudy.Grew);
            if (parsed.GetValue(json))
            {
                Console.WriteLine(
                    Json.Line(
                        new
                        {
                            grew,
                            fp32 = found[Precision.Fp32],
                            bf16 = found[Precision.Bf16],
                        }
                    )
                );
            }
            else
            {
                Print(found);
            }

            return grew ? 1 : 0;
        });
        return command;
    }

    private static IReadOnlyList<MemoryInUse> Run(int updates, Precision precision) =>
        GrowthStudy.Run(
            updates,
            Every,
            precision,
            seen => Console.Error.WriteLine($"{precision}: {seen.Update} of {updates} updates")
        );

    private static void Print(Dictionary<Precision, IReadOnlyList<MemoryInUse>> found)
    {
        Console.WriteLine("precision   update   live tensors   managed heap, MiB   resident, MiB");
        foreach (var (precision, all) in found)
        {
            foreach (var memory in all)
            {
                Console.WriteLine(
                    $"{precision, -9} {memory.Update, 8} {memory.Tensors, 14} {memory.ManagedBytes / MiB, 19:0.00} "
                        + $"{memory.ResidentBytes / MiB, 15:0.0}"
                );
            }

            Console.WriteLine(
                $"{precision}: {(GrowthStudy.Grew(all) ? "GREW" : "nothing grew")} after the first {Every} updates"
            );
        }
    }
}
