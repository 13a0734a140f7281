using System.CommandLine;
using TransformerClinic.Cli.Options;
using TransformerClinic.Cli.Output;
using TransformerClinic.Common;
using TransformerClinic.Recipes;
using TransformerClinic.Reports;
using TransformerClinic.Workflows.Foldings;

namespace TransformerClinic.Cli.Commands;

/// <summary><c>clinic fold</c></summary>
internal sealed class FoldCommand : ResultVerb
{
    private readonly Argument<string> _model = new("model")
    {
        Description =
            "A model folder, a run folder, or a checkpoint such as runs/quickstart/checkpoints/update-000500.",
    };
    private readonly Option<string> _output = new("--output", "-o")
    {
        Description = "The model folder to write.",
        Required = true,
    };
    private readonly Option<string?> _test = new("--test")
    {
        Description =
            "Sentence pairs to compare the models on. Default: the test set of the run that contains the model.",
    };
    private readonly Option<string?> _source = new("--src")
    {
        Description = "The same, but only source sentences, one per line.",
    };
    private readonly Option<int?> _batches = RangedOption.Of<FoldOptions, int>(
        nameof(FoldOptions.Batches),
        "--batches",
        "Batches over which logits are compared. Default: 8."
    );
    private readonly Option<int?> _threads = RangedOption.Of<FoldOptions, int>(
        nameof(FoldOptions.Threads),
        "--threads",
        "Threads to compare with; 0 takes all cores. Default: 0."
    );

    public FoldCommand()
        : base(
            "fold",
            "Folds the residual scales of a trained model into its other weights: a plain Post-LN model, equal in "
                + "function, with a certificate of that.",
            "clinic fold runs/quickstart -o runs/quickstart/folded",
            "clinic fold runs/quickstart/checkpoints/update-000500 -o folded --batches 20 --json",
            "clinic fold model -o folded --src test.de"
        ) => Accept(_model, _output, _test, _source, _batches, _threads);

    /// <inheritdoc/>
    protected override int Run(ParseResult parsed)
    {
        var options = OptionsOf(parsed);
        var certificate = UntilStopped(new FoldRun(options, SpectreConsole.OnStandardError()).Run);
        Print(parsed, certificate, shown => FoldingSummary.Text(shown, options.Output));
        return certificate.Holds ? ExitCode.Done : ExitCode.Failure;
    }

    private FoldOptions OptionsOf(ParseResult parsed)
    {
        var (test, source) = (parsed.GetValue(_test), parsed.GetValue(_source));
        if (test is not null && source is not null)
        {
            throw new UserErrorException(
                "--test and --src: name one of them. --test takes sentence pairs, --src only source sentences."
            );
        }

        var options = new FoldOptions
        {
            Model = parsed.GetRequiredValue(_model),
            Output = parsed.GetRequiredValue(_output),
            Test = test is null ? null : NamedFiles.Parse(test, _test.Name, Environment.CurrentDirectory),
            Source = source,
        };
        return options with
        {
            Batches = parsed.GetValue(_batches) ?? options.Batches,
            Threads = parsed.GetValue(_threads) ?? options.Threads,
        };
    }
}
