using System.CommandLine;
using TransformerClinic.Cli.Prompt;
using TransformerClinic.Decoding;
using TransformerClinic.Files;
using TransformerClinic.Runs;

namespace TransformerClinic.Cli.Commands;

/// <summary><c>clinic translate</c></summary>
internal sealed class TranslateCommand
{
    private const int DefaultAhead = 2000;

    private readonly Option<string[]> _models = Shared.Models();
    private readonly Option<string?> _input = new("--input") { Description = "Text to translate, one sentence a line. Default: standard input; on a terminal, a prompt." };
    private readonly Option<string?> _output = new("--output") { Description = "Where the translations go. Default: standard output." };
    private readonly Option<int?> _nbest = RangedOption.Of<DecodingOptions, int>(nameof(DecodingOptions.Beam), "--nbest", "So many translations of each line, with the columns line and rank before them.");
    private readonly Option<bool> _scores = new("--scores") { Description = "Columns with the score and with the log-probability of each subword, the end mark last." };
    private readonly Option<bool> _align = new("--align") { Description = "A column with the alignment of words, source-target from 0; with --json the attention, too." };
    private readonly DecodingArguments _decoding = new();
    private readonly RequestArguments _requests = new();
    private readonly Option<int?> _ahead = RangedOption.Of<int>(
        "--read-ahead", "Lines that are read ahead and put into batches by length. Default: 2000.", 1, 10_000_000);
    private readonly Option<bool> _compatible = Shared.ReferenceCompatible();
    private readonly Option<string> _device = Shared.Device();
    private readonly Option<int?> _threads = Shared.Threads(
        "Threads to translate with; 0 takes all cores. Default: 0.");
    private readonly Option<bool> _json = Shared.Json();

    private TranslateCommand()
    {
    }

    public static Command Create()
    {
        var arguments = new TranslateCommand();
        var command = new Verb(
            "translate",
            "Translates text with a trained model or several, line by line; on a terminal it asks for lines.",
            "echo 'Wählen Sie eine Datei.' | clinic translate --model runs/quickstart",
            "clinic translate --model runs/quickstart/model --input test.de --output test.hyp --beam 5",
            "clinic translate --model runs/quickstart --nbest 3 --scores --align < test.de > test.tsv",
            "clinic translate --model runs/quickstart --sample --top-p 0.9 --seed 7 < test.de",
            "clinic translate --model runs/a --model runs/b --require 'file name' < test.de")
        {
            arguments._models, arguments._input, arguments._output, arguments._nbest, arguments._scores, arguments._align,
        };
        arguments._decoding.AddTo(command);
        arguments._requests.AddTo(command);
        foreach (var option in (Option[])[arguments._ahead, arguments._compatible, arguments._device, arguments._threads, arguments._json])
        {
            command.Add(option);
        }

        command.SetAction(parsed => Failures.Guard(() => arguments.Run(parsed), Console.Error));
        return command;
    }

    private int Run(ParseResult parsed)
    {
        using var signals = new StopSignals(Console.Error);
        var ahead = parsed.GetValue(_ahead) ?? DefaultAhead;
        var columns = new TranslationColumns(
            parsed.GetValue(_nbest), parsed.GetValue(_scores), parsed.GetValue(_align), parsed.GetValue(_json));
        var (read, method) = (_requests.Reader(parsed), _decoding.Method(parsed));
        var place = Devices.Parse(parsed.GetRequiredValue(_device));
        using var ensemble = Ensemble.Load(parsed.GetRequiredValue(_models), place);
        var recipe = ensemble.Config.Decoding;
        var options = _decoding.Options(parsed, parsed.GetValue(_compatible) ? ReferenceCompatibility.Of(recipe) : recipe, columns.Nbest);
        if (columns.Nbest > options.Beam)
        {
            throw new UserErrorException($"--nbest {columns.Nbest} is more than the beam of {options.Beam} finds: add --beam {columns.Nbest}.");
        }

        using var translator = new Translator(
            ensemble.Models, ensemble.Subwords, options, new TranslatorOptions { Method = method, Attention = columns.Align, Workers = Devices.Workers(place, parsed.GetValue(_threads) ?? 0) });
        Write(parsed.GetValue(_output), output =>
        {
            var stream = new StreamedTranslation(translator, new TranslationWriter(output, ensemble.Subwords, columns), read, Console.Error);
            if (parsed.GetValue(_input) is { } path)
            {
                TranslateFile(path, stream, ahead, output, signals.Token);
            }
            else if (LinePrompt.IsPossible)
            {
                stream.TranslateEach(new LinePrompt("> ").Lines(), output, signals.Token);
            }
            else
            {
                using var input = StandardStreams.OpenInput(signals.Token);
                stream.Translate(TextLines.Enumerate(input, "standard input"), ahead, output, progress: null, signals.Token);
            }
        }, signals.Token);
        return ExitCode.Done;
    }

    private static void TranslateFile(string path, StreamedTranslation stream, int ahead, TextWriter output, CancellationToken stop)
    {
        using var file = TextLines.Open(path, stop);
        var total = TextLines.Count(file, path);
        SpectreConsole.OnStandardError().Work("translating", "lines", total ?? double.PositiveInfinity, progress =>
        {
            stream.Translate(TextLines.Enumerate(file, path), ahead, output, progress, stop);
            return true;
        });
    }

    /// <summary>Writes to standard output as it comes, or to a file, whole or not at all.</summary>
    private static void Write(string? path, Action<TextWriter> write, CancellationToken stop)
    {
        if (path is not null)
        {
            OutputFile.Write(path, stream => Write(stream, write), stop);
            return;
        }

        using var output = StandardStreams.OpenOutput(stop);
        Write(output, write);
    }

    private static void Write(Stream stream, Action<TextWriter> write)
    {
        using var writer = new StreamWriter(stream, leaveOpen: true) { NewLine = "\n" };
        write(writer);
    }
}
