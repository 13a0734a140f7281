using System.CommandLine;
using TransformerClinic.Cli.Options;
using TransformerClinic.Cli.Output;
using TransformerClinic.Interop.HuggingFace;
using TransformerClinic.Recipes;
using TransformerClinic.Reports;
using TransformerClinic.Workflows.Exports;

namespace TransformerClinic.Cli.Commands;

/// <summary><c>clinic export</c></summary>
internal sealed class ExportCommand : ResultVerb
{
    private readonly Argument<ExportTarget?> _target = NamedOption.Argument<ExportTarget>(
        "target",
        "onnx (ONNX Runtime, transformers.js), hf (Hugging Face), ctranslate2, fairseq, or sentencepiece (the subwords "
            + "only)."
    );
    private readonly Argument<string> _model = new("model")
    {
        Description =
            "A model folder, a run folder, or a checkpoint such as runs/quickstart/checkpoints/update-000500.",
    };
    private readonly Option<string> _output = new("--output", "-o")
    {
        Description = "The folder to write.",
        Required = true,
    };
    private readonly Option<string?> _check = new("--check")
    {
        Description =
            "Sentence pairs to compare the export with the model on. Default: the test set of the run that contains "
            + "the model.",
    };
    private readonly Option<bool> _int8 = new("--int8")
    {
        Description =
            "Matrices in int8: for onnx and hf in graphs next to those in float32, for ctranslate2 in their place.",
    };
    private readonly Option<HuggingFaceClass?> _class = NamedOption.Of<HuggingFaceClass>(
        "--class",
        "For hf: marian, m2m100 or fsmt. Default: marian for Post-LN, m2m100 for Pre-LN."
    );
    private readonly Option<int?> _batches = RangedOption.Of<ExportOptions, int>(
        nameof(ExportOptions.Batches),
        "--batches",
        "Batches over which logits are compared. Default: 8."
    );
    private readonly Option<int?> _threads = RangedOption.Of<ExportOptions, int>(
        nameof(ExportOptions.Threads),
        "--threads",
        "Threads to compare with; 0 takes all cores. Default: 0."
    );

    public ExportCommand()
        : base(
            "export",
            "Writes a trained model in the format of another program, opens what it wrote, and compares that with the "
                + "model.",
            "clinic export onnx runs/quickstart -o quickstart-onnx --int8",
            "clinic export hf runs/quickstart -o quickstart-hf",
            "clinic export ctranslate2 model -o model-ct2 --check test.de-en.tsv"
        ) => Accept(_target, _model, _output, _check, _int8, _class, _batches, _threads);

    /// <inheritdoc/>
    protected override int Run(ParseResult parsed)
    {
        var options = OptionsOf(parsed);
        var certificate = UntilStopped(new ExportRun(options, SpectreConsole.OnStandardError()).Run);
        Print(parsed, certificate, shown => ExportSummary.Text(shown, options.Output));
        return certificate.Holds ? ExitCode.Done : ExitCode.Failure;
    }

    private ExportOptions OptionsOf(ParseResult parsed)
    {
        var options = new ExportOptions
        {
            Target = parsed.GetRequiredValue(_target)!.Value,
            Model = parsed.GetRequiredValue(_model),
            Output = parsed.GetRequiredValue(_output),
            Check = parsed.GetValue(_check) is { } pairs
                ? NamedFiles.Parse(pairs, _check.Name, Environment.CurrentDirectory)
                : null,
            Int8 = parsed.GetValue(_int8),
            Class = parsed.GetValue(_class),
        };
        return options with
        {
            Batches = parsed.GetValue(_batches) ?? options.Batches,
            Threads = parsed.GetValue(_threads) ?? options.Threads,
        };
    }
}
