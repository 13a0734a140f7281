using System.CommandLine;
using TransformerClinic.Files;
using TransformerClinic.Runs.Foldings;
using TransformerClinic.Text;

namespace TransformerClinic.Cli.Commands;

/// <summary><c>clinic fold</c></summary>
internal static class FoldCommand
{
    public static Command Create()
    {
        var model = new Argument<string>("model") { Description = "A model folder, a run folder, or a checkpoint such as runs/quickstart/checkpoints/update-000500." };
        var output = new Option<string>("--output", "-o") { Description = "The model folder to write.", Required = true };
        var test = new Option<string?>("--test") { Description = "Sentence pairs to compare the models on. Default: the test set of the run that the model lies in." };
        var source = new Option<string?>("--src") { Description = "The same with source sentences alone, one a line." };
        var batches = RangedOption.Of<FoldOptions, int>(
            nameof(FoldOptions.Batches),
            "--batches",
            "Batches over which logits are compared. Default: 8.");
        var threads = RangedOption.Of<FoldOptions, int>(
            nameof(FoldOptions.Threads), "--threads", "Threads to compare with; 0 takes all cores. Default: 0.");
        var json = Shared.Json();
        var command = new Verb(
            "fold",
            "Folds the residual scales of a trained model into its other weights: a plain Post-LN model, equal in function, with a certificate of that.",
            "clinic fold runs/quickstart -o runs/quickstart/folded",
            "clinic fold runs/quickstart/checkpoints/update-000500 -o folded --batches 20 --json",
            "clinic fold model -o folded --src test.de")
        {
            model, output, test, source, batches, threads, json,
        };
        command.SetAction(parsed => Failures.Guard(
            () =>
            {
                var options = new FoldOptions
                {
                    Model = parsed.GetRequiredValue(model),
                    Output = parsed.GetRequiredValue(output),
                    Test = parsed.GetValue(test),
                    Source = parsed.GetValue(source),
                };
                options = options with
                {
                    Batches = parsed.GetValue(batches) ?? options.Batches,
                    Threads = parsed.GetValue(threads) ?? options.Threads,
                };
                var certificate = StopSignals.During(new FoldRun(options, SpectreConsole.OnStandardError()).Run);
                Console.Out.Write(parsed.GetValue(json)
                    ? Json.Text(certificate)
                    : VisibleText.OnTerminal(FoldingSummary.Text(certificate, options.Output)));
                return certificate.Holds ? ExitCode.Done : ExitCode.Failure;
            },
            Console.Error));
        return command;
    }
}
