using System.CommandLine;
using System.CommandLine.Parsing;
using TransformerClinic.Cli.Options;
using TransformerClinic.Cli.Output;
using TransformerClinic.Common;
using TransformerClinic.Reports.Diagnoses;
using TransformerClinic.Workflows.Diagnoses;

namespace TransformerClinic.Cli.Commands;

/// <summary><c>clinic diagnose</c></summary>
internal sealed class DiagnoseCommand : ResultVerb
{
    private readonly Argument<string> _subject = new("recipe-or-model")
    {
        Description = "A recipe, or a model folder, a run folder or a checkpoint of a run.",
    };
    private readonly Option<string?> _output = new("--output", "--out", "-o")
    {
        Description = "Folder for page, figures and data. Default: runs/diagnosis- plus the name.",
    };
    private readonly Option<string[]> _set = Shared.Set();
    private readonly Option<string?> _seeds = new("--seeds")
    {
        Description =
            "Seeds for a recipe's initial weights, separated by commas. Default: three, starting with the recipe's "
            + "own.",
    };
    private readonly Option<int?> _perturbations = RangedOption.Of<DiagnosisOptions, int>(
        nameof(DiagnosisOptions.Perturbations),
        "--perturbations",
        "Random perturbations per model. Default: 4."
    );
    private readonly Option<int?> _updates = RangedOption.Of<DiagnosisOptions, int>(
        nameof(DiagnosisOptions.Updates),
        "--updates",
        "Updates of a recipe to run and examine, 0 for none; with --learning-rate-range those of the whole ramp. "
            + "Default: 20, of a ramp 300."
    );
    private readonly Option<int?> _every = RangedOption.Of<DiagnosisOptions, int>(
        nameof(DiagnosisOptions.Every),
        "--every",
        "Updates between two such measurements. Default: 1."
    );
    private readonly Option<DeviceName?> _device = NamedOption.Of<DeviceName>(
        "--device",
        "cpu or cuda. Default: the recipe's device, and cpu for a trained model."
    );
    private readonly Option<bool> _before = new("--before-training")
    {
        Description =
            "Only predicts whether the recipe will train, from a few passes of its initial models; nothing is trained.",
    };

    private readonly Option<bool> _range = new("--learning-rate-range")
    {
        Description =
            "Only finds how large a learning rate the recipe tolerates, by a ramp that ends where training breaks, "
            + "and proposes the rate to train with.",
    };

    public DiagnoseCommand()
        : base(
            "diagnose",
            "Examines what makes a model hard to train: which branches it depends on, how its output change grows "
                + "with depth, and where its gradient goes; the answer is in words, with figures.",
            "clinic diagnose recipes/quickstart.yaml",
            "clinic diagnose recipes/compare-18l.yaml --set model.encoder.variant=post-ln "
                + "--set model.decoder.variant=post-ln --seeds 1,2,3,4,5",
            "clinic diagnose recipes/quickstart.yaml --updates 500 --every 50",
            "clinic diagnose recipes/quickstart.yaml --before-training --set training.schedule.learningRate=1e-2",
            "clinic diagnose recipes/quickstart.yaml --learning-rate-range",
            "clinic diagnose runs/quickstart/checkpoints/update-000500 --json"
        ) => Accept(_subject, _output, _set, _seeds, _perturbations, _updates, _every, _device, _before, _range);

    /// <inheritdoc/>
    protected override int Run(ParseResult parsed)
    {
        var options = OptionsOf(parsed);
        var run = new DiagnosisRun(options, SpectreConsole.OnStandardError());
        if (parsed.GetValue(_range))
        {
            RefuseBoth(parsed);
            var ramp = new LearningRateRangeRun(options, SpectreConsole.OnStandardError());
            Print(parsed, UntilStopped(ramp.Run), results => RangeFolder.Text(results, options.Output));
        }
        else if (parsed.GetValue(_before))
        {
            Print(parsed, UntilStopped(run.PredictOnly), prediction => $"{prediction.Name} {prediction.Verdict}\n");
        }
        else
        {
            Print(parsed, UntilStopped(run.Run), results => DiagnosisSummary.Text(results, options.Output));
        }

        return ExitCode.Done;
    }

    /// <summary>A ramp examines nothing else, so an option of an examination would be ignored.</summary>
    private void RefuseBoth(ParseResult parsed)
    {
        foreach (var option in new Option[] { _before, _perturbations, _every })
        {
            if (parsed.GetResult(option) is OptionResult { Implicit: false })
            {
                throw new UserErrorException(
                    $"{_range.Name} only runs a ramp of the learning rate: {option.Name} has no meaning with it. Leave "
                        + "one of them out."
                );
            }
        }
    }

    private DiagnosisOptions OptionsOf(ParseResult parsed)
    {
        var subject = parsed.GetRequiredValue(_subject);
        var name = Path.GetFileNameWithoutExtension(Path.TrimEndingDirectorySeparator(subject));
        var isRamp = parsed.GetValue(_range);
        var options = new DiagnosisOptions
        {
            Subject = subject,
            Overrides = parsed.GetValue(_set) ?? [],
            OverrideOrigin = Shared.SetName,
            Output =
                parsed.GetValue(_output)
                ?? Path.Combine("runs", $"{(isRamp ? "learning-rate-range" : "diagnosis")}-{name}"),
            Seeds = Shared.Seeds(parsed.GetValue(_seeds)),
            Device = parsed.GetValue(_device),
        };
        return options with
        {
            Perturbations = parsed.GetValue(_perturbations) ?? options.Perturbations,
            Updates = parsed.GetValue(_updates) ?? (isRamp ? LearningRateRangeRun.DefaultUpdates : options.Updates),
            Every = parsed.GetValue(_every) ?? options.Every,
        };
    }
}
