using System.CommandLine;
using TransformerClinic.Decoding;
using TransformerClinic.Files;
using TransformerClinic.Interop.SentencePiece;
using TransformerClinic.Runs;
using TransformerClinic.Text;
using static TorchSharp.torch;

namespace TransformerClinic.Bench.Clients;

/// <summary>
/// Compares a real client of an export with this program, line by line:
/// <c>dotnet run -c Release --project bench -- client --model RUN --text FILE --gives translations -- COMMAND...</c>
/// </summary>
internal static class ClientCommand
{
    public static Command Create()
    {
        var model = new Option<string>("--model") { Description = "The model that was exported.", Required = true };
        var text = new Option<string>("--text")
        {
            Description = "Sentences, one a line, or pairs with a tab between.",
            Required = true,
        };
        var sends = new Option<string>("--sends")
        {
            Description = "What the client reads: text, or pieces.",
            DefaultValueFactory = _ => "text",
        };
        var gives = new Option<string>("--gives")
        {
            Description = "What the client prints for each line: translations, pieces (of translations), or ids.",
            DefaultValueFactory = _ => "translations",
        };
        var command = new Argument<string[]>("command") { Description = "The client, after --." };
        var verb = new Command(
            "client",
            "A real client of an export, next to this program: lines that it was given and lines that it printed, by "
                + "greedy search on one thread."
        )
        {
            model,
            text,
            sends,
            gives,
            command,
        };
        verb.SetAction(parsed =>
        {
            set_num_threads(1);
            using var trained = TrainedModel.Load(parsed.GetRequiredValue(model), CPU);
            var subwords = (BytePairModel)trained.Subwords;
            string[] lines = [.. TextLines.Read(parsed.GetRequiredValue(text)).Select(line => line.Split('\t')[0])];
            var client = ClientProcess.Run(
                parsed.GetRequiredValue(command),
                parsed.GetValue(sends) == "pieces" ? lines.Select(line => Pieces(subwords, line)) : lines
            );
            var ours = parsed.GetValue(gives) switch
            {
                "ids" => lines.Select(line =>
                    string.Join(' ', [.. trained.Subwords.Encode(line), Vocabulary.EndOfSentence])
                ),
                "pieces" => Translate(trained, lines).Select(found => Spelled(subwords, found.Tokens)),
                _ => Translate(trained, lines).Select(found => found.Text),
            };
            ClientTable.Write(Console.Out, [.. ours], client);
        });
        return verb;
    }

    private static IEnumerable<(string Text, int[] Tokens)> Translate(TrainedModel trained, string[] lines)
    {
        var greedy = trained.Config.Decoding with { Beam = 1, Precision = DecodingPrecision.Fp32 };
        using var translator = new Translator(trained.Model, trained.Subwords, greedy, workers: 1);
        var watch = System.Diagnostics.Stopwatch.StartNew();
        var found = translator.Translate(lines);
        Console.Out.WriteLine(FormattableString.Invariant($"this program: {watch.Elapsed.TotalSeconds:0.0} s"));
        return
        [
            .. found.Select(translation =>
                (translation.Text, translation.Hypotheses is [var best, ..] ? best.Tokens[..^1] : [])
            ),
        ];
    }

    private static string Pieces(BytePairModel subwords, string line) => Spelled(subwords, subwords.Encode(line));

    private static string Spelled(BytePairModel subwords, int[] ids) =>
        string.Join(' ', ids.Select(id => SentencePieceFile.PieceOf(subwords, id)));
}
