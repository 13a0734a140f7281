using System.CommandLine;
using TransformerClinic.Cli.Documents;
using TransformerClinic.Cli.Options;
using TransformerClinic.Cli.Output;
using TransformerClinic.Cli.Parts;
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
    private readonly Option<string?> _part = new("--part")
    {
        Description =
            "Translates only part i of n, written i/n from 0/n to n-1/n: the lines that begin in this n-th of the "
            + "input's bytes. The result is --output with the part after its name, out.017-of-1000; one that is there "
            + "already is left as it is.",
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
            "clinic translate --model runs/quickstart --input big.de --output big.en --part 17/1000",
            "clinic translate --model runs/quickstart --nbest 3 --scores --align < test.de > test.tsv",
            "clinic translate --model runs/quickstart --sample --top-p 0.9 --seed 7 < test.de",
            "clinic translate --model runs/a --model runs/b --require 'file name' < test.de"
        ) =>
        Accept([
            _models,
            _input,
            _output,
            _part,
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
        Symbol[] forLines = [_part, _nbest, _scores, _align, _json, _ahead, .. _requests.ForLines];
        if (_documents.Format(parsed, parsed.GetValue(_input), forLines) is { } format)
        {
            return UntilStopped(stop => TranslateDocument(parsed, format, stop));
        }

        return parsed.GetValue(_part) is { } part
            ? UntilStopped(stop => TranslatePart(parsed, FilePart.Parse(part), stop))
            : UntilStopped(stop => TranslateAll(parsed, stop));
    }

    private int TranslateDocument(ParseResult parsed, IDocumentFormat format, CancellationToken stop)
    {
        var document = new DocumentTranslation(format, parsed.GetValue(_input), parsed.GetValue(_output));
        document.Check();
        var (read, method) = (_requests.Reader(parsed), _decoding.Method(parsed));
        var place = parsed.GetValue(_device) ?? DeviceName.Cpu;
        using var ensemble = Ensemble.Open(parsed.GetRequiredValue(_models), place);
        var options = OptionsOf(parsed, ensemble.Config.Decoding, nbest: null);
        Translator Create(bool align) =>
            new(
                ensemble.Searched,
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
                    ensemble.Searched.Min(model => model.MaxPositions)
                )
            ),
            Console.Error,
            stop
        );
        return ExitCode.Done;
    }

    private int TranslateAll(ParseResult parsed, CancellationToken stop)
    {
        using var lines = Load(parsed);
        Write(parsed.GetValue(_output), output => TranslateInput(parsed, lines.Into(output), output, stop), stop);
        return ExitCode.Done;
    }

    private int TranslatePart(ParseResult parsed, FilePart part, CancellationToken stop)
    {
        var (path, files) = PartOf(parsed, part);
        using var file = InputFile.Open(path, "a text file is needed");
        PartedText.Check(file, path);
        var range = part.In(file);
        var record = RecordOf(parsed, part, range, stop);
        if (files.AreThere(record))
        {
            Say($"{files.Translations} is there already.");
            return ExitCode.Done;
        }

        using var lines = Load(parsed);
        files.Begin(record);

        // Only rows of several translations and draws depend on the numbers of lines.
        var numbered = record.Columns.Nbest is not null || record.Method is not null;
        var (before, where) = numbered ? (PartedText.LinesBefore(file, range), "") : (0, $" of part {part}");
        Write(
            files.Translations,
            output => TranslateFile(parsed, range, path, lines.Into(output, before, where), output, stop),
            stop
        );
        return ExitCode.Done;
    }

    private (string Input, PartFiles Files) PartOf(ParseResult parsed, FilePart part)
    {
        if (parsed.GetValue(_input) is not { } input || parsed.GetValue(_output) is not { } output)
        {
            throw new UserErrorException("--part needs --input and --output: both are files that all parts share.");
        }

        return parsed.GetValue(_json)
            ? throw new UserErrorException(
                "--part does not go with --json: parts of an array, one after the other, are not an array."
            )
            : (input, new PartFiles(output, part));
    }

    /// <summary>What decides the translation of a part. No model is loaded for it.</summary>
    private PartRecord RecordOf(ParseResult parsed, FilePart part, FileRange range, CancellationToken stop)
    {
        var sources = parsed.GetRequiredValue(_models).Select(ModelSource.Find).ToList();
        var columns = ColumnsOf(parsed);
        var options = OptionsOf(parsed, sources[0].Config.Decoding, columns.Nbest);
        var method = _decoding.Method(parsed);
        return new PartRecord(
            part.ToString(),
            PartedText.HashOf(range, stop),
            [.. sources.Select(source => source.Hashes())],
            options.MaxLengthOf == SourceLength.Batch ? options : options with { TokensPerBatch = 0 },
            method is null ? null : $"{method.GetType().Name} {Json.Line<object>(method)}",
            _requests.Given(parsed),
            columns,
            OptionKey.Format(parsed.GetValue(_device) ?? DeviceName.Cpu),
            RunEnvironment.ProgramVersion
        );
    }

    private LineTranslator Load(ParseResult parsed)
    {
        var columns = ColumnsOf(parsed);
        var (read, method) = (_requests.Reader(parsed), _decoding.Method(parsed));
        var place = parsed.GetValue(_device) ?? DeviceName.Cpu;
        var ensemble = Ensemble.Open(parsed.GetRequiredValue(_models), place);
        return new LineTranslator(
            ensemble,
            OptionsOf(parsed, ensemble.Config.Decoding, columns.Nbest),
            new TranslatorOptions
            {
                Method = method,
                Attention = columns.Align,
                Workers = Devices.Workers(place, parsed.GetValue(_threads) ?? 0),
            },
            columns,
            read
        );
    }

    private TranslationColumns ColumnsOf(ParseResult parsed) =>
        new(parsed.GetValue(_nbest), parsed.GetValue(_scores), parsed.GetValue(_align), parsed.GetValue(_json));

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
        if (parsed.GetValue(_input) is { } path)
        {
            using var file = TextLines.Open(path, stop);
            TranslateFile(parsed, file, path, stream, output, stop);
        }
        else if (LinePrompt.IsPossible)
        {
            stream.TranslateEach(new LinePrompt("> ").Lines(), output, stop);
        }
        else
        {
            using var input = StandardStreams.OpenInput();
            stream.Translate(TextLines.Enumerate(input, "standard input"), Ahead(parsed), output, progress: null, stop);
        }
    }

    /// <summary>Translates a file, or a part of one that begins somewhere in it.</summary>
    private void TranslateFile(
        ParseResult parsed,
        Stream file,
        string path,
        StreamedTranslation stream,
        TextWriter output,
        CancellationToken stop
    )
    {
        var fromStart = file is not FileRange { Begin: > 0 };
        var total = TextLines.Count(file, path) ?? double.PositiveInfinity;
        SpectreConsole
            .OnStandardError()
            .Work(
                "translating",
                "lines",
                total,
                progress =>
                {
                    stream.Translate(TextLines.Enumerate(file, path, fromStart), Ahead(parsed), output, progress, stop);
                    return true;
                }
            );
    }

    private int Ahead(ParseResult parsed) => parsed.GetValue(_ahead) ?? DefaultAhead;

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
