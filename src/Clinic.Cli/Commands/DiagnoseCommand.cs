using System.CommandLine;
using TransformerClinic.Files;
using TransformerClinic.Runs.Diagnoses;
using TransformerClinic.Text;

namespace TransformerClinic.Cli.Commands;

/// <summary><c>clinic diagnose</c></summary>
internal static class DiagnoseCommand
{
    public static Command Create()
    {
        var arguments = new RecipeArguments();
        var subject = new Argument<string>("recipe-or-model") { Description = "A recipe, or a model folder, a run folder or a checkpoint of a run." };
        var output = new Option<string?>("--output", "--out", "-o") { Description = "Folder for page, figures and data. Default: runs/diagnosis- and the name." };
        var seeds = new Option<string?>("--seeds") { Description = "Seeds of a recipe's initial weights, with commas between them. Default: three from the recipe's own on." };
        var perturbations = RangedOption.Of<DiagnosisOptions, int>(
            nameof(DiagnosisOptions.Perturbations),
            "--perturbations",
            "Random perturbations of each model. Default: 4.");
        var updates = RangedOption.Of<DiagnosisOptions, int>(
            nameof(DiagnosisOptions.Updates),
            "--updates",
            "Updates of a recipe to make and look at; 0 makes none. Default: 20.");
        var every = RangedOption.Of<DiagnosisOptions, int>(
            nameof(DiagnosisOptions.Every), "--every", "Updates between two measurements of these. Default: 1.");
        var before = new Option<bool>("--before-training") { Description = "Only predicts, from two forward passes and the backward pass between, whether the recipe will train." };
        var command = new Verb(
            "diagnose",
            "Examines what makes a model hard to train: which branches it leans on, how its output change grows with depth, where its gradient goes; says it in words, with figures.",
            "clinic diagnose recipes/quickstart.yaml",
            "clinic diagnose recipes/compare-18l.yaml --set model.encoder.variant=post-ln --set model.decoder.variant=post-ln --seeds 1,2,3,4,5",
            "clinic diagnose recipes/quickstart.yaml --updates 500 --every 50",
            "clinic diagnose recipes/quickstart.yaml --before-training --set training.schedule.learningRate=1e-2",
            "clinic diagnose runs/quickstart/checkpoints/update-000500 --json")
        {
            subject, output, arguments.Set, seeds, perturbations, updates, every, before, arguments.Json,
        };
        command.SetAction(parsed => Failures.Guard(
            () =>
            {
                var path = parsed.GetRequiredValue(subject);
                var options = new DiagnosisOptions
                {
                    Subject = path,
                    Overrides = parsed.GetValue(arguments.Set) ?? [],
                    Output = parsed.GetValue(output) ?? Path.Combine("runs", $"diagnosis-{Path.GetFileNameWithoutExtension(Path.TrimEndingDirectorySeparator(path))}"),
                    Seeds = Shared.Seeds(parsed.GetValue(seeds)),
                };
                options = options with
                {
                    Perturbations = parsed.GetValue(perturbations) ?? options.Perturbations,
                    Updates = parsed.GetValue(updates) ?? options.Updates,
                    Every = parsed.GetValue(every) ?? options.Every,
                };
                var run = new DiagnosisRun(options, SpectreConsole.OnStandardError());
                var asJson = parsed.GetValue(arguments.Json);
                if (parsed.GetValue(before))
                {
                    var prediction = StopSignals.During(run.PredictOnly);
                    Console.Out.Write(asJson
                        ? Json.Text(prediction)
                        : $"{VisibleText.OnTerminal(prediction.Name)} {prediction.Verdict}\n");
                    return ExitCode.Done;
                }

                var results = StopSignals.During(run.Run);
                Console.Out.Write(asJson
                    ? Json.Text(results)
                    : VisibleText.OnTerminal(DiagnosisSummary.Text(results, options.Output)));
                return ExitCode.Done;
            },
            Console.Error));
        return command;
    }
}
