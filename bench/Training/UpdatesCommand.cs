using System.CommandLine;
using TransformerClinic.Files;

namespace TransformerClinic.Bench.Training;

/// <summary>
/// Trains on request: each line of standard input, such as <c>fp32 20</c>, is a precision and a number of updates, and
/// is answered by a line of JSON. So two builds can take turns (<see cref="TurnsCommand"/>), and a profiler has
/// something to look at: <c>echo fp32 500 | dotnet run -c Release --project bench -- updates --config C --text</c>
/// </summary>
internal static class UpdatesCommand
{
    public static Command Create()
    {
        var config = TrainingOptionsOfBench.Configuration();
        var text = TrainingOptionsOfBench.Text();
        var threads = TrainingOptionsOfBench.Threads();
        var command = new Command(
            "updates",
            "Trains as many updates as each line of standard input says, such as 'fp32 20', and prints their time."
        )
        {
            config,
            text,
            threads,
        };
        command.SetAction(parsed =>
        {
            using var training = new UpdatesOnRequest(
                TrainingConfiguration.Named(parsed.GetRequiredValue(config)),
                parsed.GetValue(text),
                parsed.GetValue(threads)
            );
            while (Console.In.ReadLine() is { } line)
            {
                var (precision, count) = line.Split(' ') is [var first, var second] ? (first, second) : (line, "1");
                Console.Out.WriteLine(Json.Line(training.Run(precision, int.Parse(count, null))));
                Console.Out.Flush();
            }
        });
        return command;
    }
}
