using System.CommandLine;
using TransformerClinic.Cli.Documents;
using TransformerClinic.Cli.Options;
using TransformerClinic.Cli.Output;
using TransformerClinic.Cli.Prompt;
using TransformerClinic.Common;
using TransformerClinic.Decoding;
using TransformerClinic.Documents.Formats;
using TransformerClinic.Documents.Segments;
using TransformerClinic.Documents.Segments.Sentences;
using TransformerClinic.Files;
using TransformerClinic.Recipes;
using TransformerClinic.Runs;

namespace TransformerClinic.Cli.Commands;

/// <summary><c>clinic translate</c></summary>
/// <remarks>It has no result to print at the end: translations are written as they are finished, in JSON as
/// well.</remarks>
internal sealed class TranslateCommand : Verb
{
    private const int DefaultAhead = 2000;

    private readonly Option<string[]> _models = Shared.Models();
    private readonly Option<string?> _input = new("--input")
    {
        Description =
            "What to translate: text, one sentence per line, or a document. Default: standard input; on a terminal, a "
            + "prompt.",
    };
    private readonly Option<string?> _output = new("--output")
    {
        Description = "Where the translations go. Default: standard output.",
    };
    private readonly Option<int?> _nbest = RangedOption.Of<DecodingOptions, int>(
        nameof(DecodingOptions.Beam),
        "--nbest",
        "Writes this many translations of each line, with the columns line and rank before them."
    );
    private readonly Option<bool> _scores = new("--scores")
    {
        Description = "Adds columns with the score and with the log-probability of each subword, the end mark last.",
    };
    private readonly Option<bool> _align = new("--align")
    {
        Description = "Adds a column with the word alignment, source-target from 0; with --json also the attention.",
    };
    private readonly DecodingArguments _decoding = new();
    private readonly RequestArguments _requests = new();
    private readonly DocumentArguments _documents = new();
    private readonly Option<int?> _ahead = RangedOption.Of<int>(
        "--read-ahead",
        "Lines that are read ahead and batched by length. Default: 2000.",
        1,
        10_000_000
    );
    private readonly Option<bool> _compatible = Shared.ReferenceCompatible();
    private readonly Option<DeviceName?> _device = Shared.Device();
    private readonly Option<int?> _threads = Shared.Threads(
        "Threads to translate with; 0 takes all cores. Default: 0."
    );
    private readonly Option<bool> _json = Shared.Json();

    public TranslateCommand()
        : base(
            "translate",
            "Translates with one or more trained models: text line by line, documents in place; a terminal prompts "
                + "for lines.",
            "echo 'Wählen Sie eine Datei.' | clinic translate --model runs/quickstart",
            "clinic translate --model runs/quickstart/model --input test.de --output test.hyp --beam 5",
            "clinic translate --model runs/quickstart --input manual.docx --output manual.en.docx",
            "clinic translate --model runs/quickstart --nbest 3 --scores --align < test.de > test.tsv",
            "clinic translate --model runs/quickstart --sample --top-p 0.9 --seed 7 < test.de",
            "clinic translate --model runs/a --model runs/b --require 'file name' < test.de"
        ) =>
        Accept([
            _models,
            _input,
            _output,
            _nbest,
            _scores,
            _align,
            .. _decoding.All,
            .. _requests.All,
            .. _documents.All,
            _ahead,
            _compatible,
            _device,
            _threads,
            _json,
        ]);

    /// <inheritdoc/>
    /// <remarks>They know nothing of each other: each has files of its own.</remarks>
    public override bool TakesSeveralProcesses => true;

    /// <inheritdoc/>
    protected override int Run(ParseResult parsed)
    {
        Symbol[] forLines = [_nbest, _scores, _align, _json, _ahead, .. _requests.ForLines];
        return _documents.Format(parsed, parsed.GetValue(_input), forLines) is { } format
            ? UntilStopped(stop => TranslateDocument(parsed, format, stop))
            : UntilStopped(stop => Translate(parsed, stop));
    }

    private int TranslateDocument(ParseResult parsed, IDocumentFormat format, CancellationToken stop)
    {
        var document = new DocumentTranslation(format, parsed.GetValue(_input), parsed.GetValue(_output));
        document.Check();
        var (read, method) = (_requests.Reader(parsed), _decoding.Method(parsed));
        var place = Devices.Open(parsed.GetValue(_device) ?? DeviceName.Cpu);
        using var ensemble = Ensemble.Load(parsed.GetRequiredValue(_models), place);
        var options = OptionsOf(parsed, ensemble.Config.Decoding, nbest: null);
        Translator Create(bool align) =>
            new(
                ensemble.Models,
                ensemble.Subwords,
                options,
                new TranslatorOptions
                {
                    Method = method,
                    Attention = align,
                    Workers = Devices.Workers(place, parsed.GetValue(_threads) ?? 0),
                }
            );

        using var sentences = new TranslatorSentences(Create, ensemble.Subwords, read);
        document.Run(
            _documents.Options(parsed, ensemble.Config.TargetLanguage),
            new SegmentTranslator(
                sentences,
                _documents.Rules(parsed).For(ensemble.Config.SourceLanguage),
                ensemble.Config.TargetLanguage,
                new LongSentences(
                    sentence => ensemble.Subwords.Encode(sentence).Length + 1,
                    ensemble.Models.Min(model => model.Options.MaxPositions)
                )
            ),
            Console.Error,
            stop
        );
        return ExitCode.Done;
    }

    private int Translate(ParseResult parsed, CancellationToken stop)
    {
        var columns = new TranslationColumns(
            parsed.GetValue(_nbest),
            parsed.GetValue(_scores),
            parsed.GetValue(_align),
            parsed.GetValue(_json)
        );
        var (read, method) = (_requests.Reader(parsed), _decoding.Method(parsed));
        var place = Devices.Open(parsed.GetValue(_device) ?? DeviceName.Cpu);
        using var ensemble = Ensemble.Load(parsed.GetRequiredValue(_models), place);
        using var translator = new Translator(
            ensemble.Models,
            ensemble.Subwords,
            OptionsOf(parsed, ensemble.Config.Decoding, columns.Nbest),
            new TranslatorOptions
            {
                Method = method,
                Attention = columns.Align,
                Workers = Devices.Workers(place, parsed.GetValue(_threads) ?? 0),
            }
        );
        void TranslateInto(TextWriter output)
        {
            var writer = new TranslationWriter(output, ensemble.Subwords, columns);
            TranslateInput(parsed, new StreamedTranslation(translator, writer, read, Console.Error), output, stop);
        }

        Write(parsed.GetValue(_output), TranslateInto, stop);
        return ExitCode.Done;
    }

    private DecodingOptions OptionsOf(ParseResult parsed, DecodingOptions recipe, int? nbest)
    {
        var defaults = parsed.GetValue(_compatible) ? ReferenceCompatibility.Of(recipe) : recipe;
        var options = _decoding.Options(parsed, defaults, nbest);
        return nbest > options.Beam
            ? throw new UserErrorException(
                $"--nbest {nbest} is more than a beam of {options.Beam} can find: add --beam {nbest}."
            )
            : options;
    }

    /// <summary>Translates a file, typed lines, or standard input.</summary>
    private void TranslateInput(
        ParseResult parsed,
        StreamedTranslation stream,
        TextWriter output,
        CancellationToken stop
    )
    {
        var ahead = parsed.GetValue(_ahead) ?? DefaultAhead;
        if (parsed.GetValue(_input) is { } path)
        {
            TranslateFile(path, stream, ahead, output, stop);
        }
        else if (LinePrompt.IsPossible)
        {
            stream.TranslateEach(new LinePrompt("> ").Lines(), output, stop);
        }
        else
        {
            using var input = StandardStreams.OpenInput();
            stream.Translate(TextLines.Enumerate(input, "standard input"), ahead, output, progress: null, stop);
        }
    }

    private static void TranslateFile(
        string path,
        StreamedTranslation stream,
        int ahead,
        TextWriter output,
        CancellationToken stop
    )
    {
        using var file = TextLines.Open(path, stop);
        var total = TextLines.Count(file, path) ?? double.PositiveInfinity;
        SpectreConsole
            .OnStandardError()
            .Work(
                "translating",
                "lines",
                total,
                progress =>
                {
                    stream.Translate(TextLines.Enumerate(file, path), ahead, output, progress, stop);
                    return true;
                }
            );
    }

    /// <summary>Writes to standard output as translations are finished, or to a file, completely or not at
    /// all.</summary>
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
