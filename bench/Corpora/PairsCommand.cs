using System.CommandLine;
using System.Text;

namespace TransformerClinic.Bench.Corpora;

/// <summary>Writes synthetic sentence pairs, to measure what a large corpus costs.</summary>
internal static class PairsCommand
{
    private const int LinesPerBlock = 10_000;

    public static Command Create()
    {
        var count = new Option<long>("--count")
        {
            Description = "How many pairs.",
            DefaultValueFactory = _ => 5_000_000,
        };
        var output = new Option<string>("--out") { Description = "The file: source, tab, target.", Required = true };
        var seed = new Option<int>("--seed") { Description = "Decides the text.", DefaultValueFactory = _ => 1 };
        var command = new Command("pairs", "Writes synthetic sentence pairs.") { count, output, seed };
        command.SetAction(parsed =>
            Write(parsed.GetValue(count), parsed.GetRequiredValue(output), parsed.GetValue(seed))
        );
        return command;
    }

    private static void Write(long count, string path, int seed)
    {
        var text = new SyntheticText(seed);
        using var file = new StreamWriter(path, append: false, new UTF8Encoding(false), 1 << 20) { NewLine = "\n" };
        for (var start = 0L; start < count; start += LinesPerBlock)
        {
            var first = start;
            var lines = new string[Math.Min(LinesPerBlock, count - start)];
            Parallel.For(0, lines.Length, i => lines[i] = text.Line(first + i));
            foreach (var line in lines)
            {
                file.WriteLine(line);
            }
        }

        Console.WriteLine($"{count:N0} pairs in {path}");
    }
}
