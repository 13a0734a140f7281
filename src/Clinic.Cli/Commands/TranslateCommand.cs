using System.CommandLine;
using System.Text;
using TransformerClinic.Decoding;
using TransformerClinic.Files;
using TransformerClinic.Runs;

namespace TransformerClinic.Cli.Commands;

/// <summary><c>clinic translate</c></summary>
internal static class TranslateCommand
{
    private sealed record Line(string Source, string Translation, double Score, string? Problem);

    public static Command Create()
    {
        var model = new Option<string>("--model") { Description = "A model folder, a run folder, or a checkpoint of a run.", Required = true };
        var input = new Option<string?>("--input") { Description = "Text to translate, one sentence a line. Default: standard input." };
        var output = new Option<string?>("--output") { Description = "Where the translations go. Default: standard output." };
        var beam = new Option<int?>("--beam") { Description = "Hypotheses kept at every step; 1 is greedy search. Default: the model's recipe's." };
        var penalty = new Option<double?>("--length-penalty") { Description = "Scores are divided by length to this power. Default: the model's recipe's." };
        var noRepeat = new Option<int?>("--no-repeat-ngram") { Description = "No run of so many subwords comes twice; 0 allows all. Default: the model's recipe's." };
        var compatible = Shared.ReferenceCompatible();
        var device = new Option<string>("--device") { Description = "cpu or cuda.", DefaultValueFactory = _ => "cpu" };
        var threads = new Option<int>("--threads") { Description = "Threads to translate with; 0 takes all cores." };
        var json = Shared.Json();
        var command = new Verb(
            "translate",
            "Translates text with a trained model, line by line.",
            "echo 'Wählen Sie eine Datei.' | clinic translate --model runs/quickstart",
            "clinic translate --model runs/quickstart/model --input test.de --output test.hyp --beam 5")
        {
            model, input, output, beam, penalty, noRepeat, compatible, device, threads, json,
        };
        command.SetAction(parsed => Failures.Guard(
            () =>
            {
                using var signals = new StopSignals(Console.Error);
                var place = Devices.Parse(parsed.GetRequiredValue(device));
                using var trained = TrainedModel.Load(parsed.GetRequiredValue(model), place);
                var defaults = parsed.GetValue(compatible) ? ReferenceCompatibility.Of(trained.Config.Decoding) : trained.Config.Decoding;
                var options = defaults with
                {
                    Beam = parsed.GetValue(beam) ?? defaults.Beam,
                    LengthPenalty = parsed.GetValue(penalty) ?? defaults.LengthPenalty,
                    NoRepeatNgram = parsed.GetValue(noRepeat) ?? defaults.NoRepeatNgram,
                };
                Check(options);
                var lines = parsed.GetValue(input) is { } path ? TextLines.Read(path) : TextLines.Read(Console.OpenStandardInput(), "standard input");
                var results = Translate(trained, options, lines, Devices.Workers(place, parsed.GetValue(threads)), signals.Token);
                var text = parsed.GetValue(json)
                    ? Json.Text(results)
                    : string.Concat(results.Select(result => result.Translation + "\n"));
                Write(text, parsed.GetValue(output));
                foreach (var (result, number) in results.Select((result, i) => (result, i + 1)).Where(entry => entry.result.Problem is not null))
                {
                    Console.Error.WriteLine($"clinic: line {number}: {result.Problem}");
                }

                return ExitCode.Done;
            },
            Console.Error));
        return command;
    }

    private static List<Line> Translate(TrainedModel trained, DecodingOptions options, IReadOnlyList<string> lines, int workers, CancellationToken stop)
    {
        using var translator = new Translator(trained.Model, trained.Subwords, options, workers);
        var translations = SpectreConsole.OnStandardError().Work("translating", "lines", lines.Count, progress =>
            translator.Translate(lines, new CountProgress(progress), stop));
        return [.. lines.Zip(translations, (line, translation) => new Line(line, translation.Text, translation.Score, translation.Problem))];
    }

    private static void Check(DecodingOptions options)
    {
        if (options.Beam is < 1 or > 1000 || options.LengthPenalty is not (>= 0 and <= 10) || options.NoRepeatNgram is < 0 or > 1000)
        {
            throw new UserErrorException("--beam is from 1 to 1000, --length-penalty from 0 to 10, --no-repeat-ngram from 0 to 1000.");
        }
    }

    private static void Write(string text, string? path)
    {
        if (path is not null)
        {
            AtomicFile.WriteText(path, text);
            return;
        }

        using var output = Console.OpenStandardOutput();
        output.Write(Encoding.UTF8.GetBytes(text));
    }
}
