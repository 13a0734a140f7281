using System.CommandLine;
using TransformerClinic.Files;

namespace TransformerClinic.Bench.Serving;

/// <summary>
/// Loads a service that runs: <c>dotnet run -c Release --project bench -- serving --url http://127.0.0.1:5000 --text
/// FILE</c>. The service must run without a limit of rates, with as many connections as are asked for here.
/// </summary>
internal static class ServingCommand
{
    public static Command Create()
    {
        var url = new Option<string>("--url") { Description = "Where the service listens.", Required = true };
        var text = new Option<string>("--text")
        {
            Description = "Sentences, one a line, or pairs with a tab between.",
            Required = true,
        };
        var expected = new Option<string?>("--expected")
        {
            Description = "What clinic translate made of them; the answers must be the same bytes.",
        };
        var connections = new Option<int[]>("--connections")
        {
            Description = "Connections at the same time, a measurement for each.",
            DefaultValueFactory = _ => [1, 8, 64],
            AllowMultipleArgumentsPerToken = true,
        };
        var requests = new Option<int>("--requests")
        {
            Description = "Requests of each measurement, a sentence each.",
            DefaultValueFactory = _ => 2000,
        };
        var document = new Option<int>("--document")
        {
            Description = "Lines of a document to translate at the same time as single sentences; 0 for none.",
        };
        var process = new Option<int?>("--process") { Description = "The service's process, to watch its memory." };
        var verb = new Command("serving", "Throughput, latency and sameness of answers of a running service.")
        {
            url,
            text,
            expected,
            connections,
            requests,
            document,
            process,
        };
        verb.SetAction(async parsed =>
        {
            string[] lines =
            [
                .. TextLines
                    .Read(parsed.GetRequiredValue(text))
                    .Select(line => line.Split('\t')[0])
                    .Where(line => line.Length > 0),
            ];
            var most = parsed.GetRequiredValue(connections).Append(2).Max();
            using var client = new ServiceClient(parsed.GetRequiredValue(url), most);
            var report = new ServingReport(Console.Out, parsed.GetValue(process));
            var answers = await SerialAnswers(client, lines, parsed.GetValue(expected), report);
            foreach (var count in parsed.GetRequiredValue(connections))
            {
                report.Write(await Load.RunAsync(client, lines, answers, count, parsed.GetValue(requests)));
            }

            if (parsed.GetValue(document) is > 0 and var length)
            {
                report.WriteNextToDocument(
                    await Load.RunAsync(client, lines, answers, 1, lines.Length),
                    await Load.RunNextToDocumentAsync(client, lines, answers, length)
                );
            }
        });
        return verb;
    }

    private static async Task<string[]> SerialAnswers(
        ServiceClient client,
        string[] lines,
        string? expected,
        ServingReport report
    )
    {
        var answers = new string[lines.Length];
        for (var i = 0; i < lines.Length; i++)
        {
            answers[i] = await client.TranslateAsync(lines[i]);
        }

        if (expected is not null)
        {
            var known = TextLines.Read(expected);
            report.WriteSameness(lines.Length, known.Zip(answers).Count(pair => pair.First == pair.Second));
        }

        return answers;
    }
}
