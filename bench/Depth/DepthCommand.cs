using System.CommandLine;
using TransformerClinic.Diagnosis;
using TransformerClinic.Files;

namespace TransformerClinic.Bench.Depth;

/// <summary>
/// Whether the time of an update grows linearly with depth: <c>dotnet run -c Release --project bench -- depth</c>
/// </summary>
internal static class DepthCommand
{
    public static Command Create()
    {
        var repetitions = new Option<int>("--repetitions")
        {
            Description = "Updates at each depth; the median counts.",
            DefaultValueFactory = _ => 9,
        };
        var json = new Option<bool>("--json") { Description = "Prints one JSON object." };
        var command = new Command("depth", "Times updates at depths from 6+6 to 100+100 layers and fits a line.")
        {
            repetitions,
            json,
        };
        command.SetAction(parsed =>
        {
            var figures = DepthStudy.Run(
                parsed.GetValue(repetitions),
                turn =>
                    Console.Error.WriteLine($"turn {turn} of {parsed.GetValue(repetitions)} (the first ones warm up)")
            );
            if (parsed.GetValue(json))
            {
                Console.WriteLine(Json.Line(figures));
            }
            else
            {
                Print(figures);
            }
        });
        return command;
    }

    private static void Print(DepthFigures figures)
    {
        Console.WriteLine(
            $"Milliseconds per update, medians of {figures.Repetitions}\n\nlayers      by the clock   processor time"
        );
        foreach (var time in figures.Times)
        {
            Console.WriteLine($"{$"{time.Layers}+{time.Layers}", -9} {time.Wall, 14:0.0} {time.Processor, 16:0.0}");
        }

        Print("by the clock", figures.Wall);
        Print("processor time", figures.Processor);
    }

    private static void Print(string what, GrowthLine line) =>
        Console.WriteLine(
            $"{what}: {line.Slope:0.00} ms per encoder layer and decoder layer, plus {line.Intercept:0.0} ms; R^2 "
                + $"{line.RSquared:0.00000}"
        );
}
