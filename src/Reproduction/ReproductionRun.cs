using System.Diagnostics;
using System.Globalization;
using TransformerClinic.Common;
using TransformerClinic.Files;
using TransformerClinic.Reproduction.Claims;
using TransformerClinic.Reproduction.Results;
using TransformerClinic.Reproduction.SmallTrainings;
using TransformerClinic.Reproduction.Studies;
using TransformerClinic.Runs;
using static TorchSharp.torch;

namespace TransformerClinic.Reproduction;

/// <summary>Runs studies one after another and stores the findings of each as it ends.</summary>
internal sealed class ReproductionRun(ReproductionOptions options, IRunConsole console)
{
    /// <summary>Runs them.</summary>
    /// <param name="stop">Ends the run; finished studies and trainings are kept.</param>
    /// <param name="finished">Called with each result when it is stored.</param>
    /// <exception cref="UserErrorException">There is no study with such a name, or no text.</exception>
    /// <exception cref="OperationCanceledException">The token was canceled.</exception>
    public IReadOnlyList<StudyResult> Run(CancellationToken stop, Action<StudyResult>? finished = null)
    {
        OptionCheck.Valid(options, "reproduction");
        var studies = StudyCatalog.Find(options.Studies);
        FolderPath.Create(options.Output);
        var device = Devices.Open(options.Device);
        var store = new TrainingStore(Path.Combine(options.Output, StoreOf(options.Device)), device);
        var texts = new TaskTexts(options.Corpus);
        var results = new List<StudyResult>();
        foreach (var study in studies)
        {
            results.Add(Run(study, store, texts, device, stop));
            finished?.Invoke(results[^1]);
        }

        return results;
    }

    private StudyResult Run(Study study, TrainingStore store, TaskTexts texts, Device device, CancellationToken stop)
    {
        console.Say($"{study.Description.Id}: {study.Description.Title}");
        var threads = Devices.Workers(device, options.Threads);
        var clock = Stopwatch.StartNew();
        var context = new StudyContext(options.Budget, texts, store, threads, console, stop);
        var findings = study.Run(context);
        var environment = RunEnvironment.Capture(device, threads);
        var machine = string.Create(
            CultureInfo.InvariantCulture,
            $"{environment.Processor}, {environment.Cores} cores, {threads} threads{On(options.Device)}; libtorch "
                + $"{environment.LibTorch}, clinic {environment.Clinic}"
        );
        return ReproductionFolder.Write(
            options.Output,
            study.Description,
            options.Budget,
            findings,
            clock.Elapsed.TotalSeconds + context.StoredSeconds,
            machine
        );
    }

    // Other devices give other bits, so the trainings of each are kept apart.
    private static string StoreOf(DeviceName device) =>
        device == DeviceName.Cpu ? "trainings" : $"trainings-{OptionKey.Format(device)}";

    private static string On(DeviceName device) =>
        device == DeviceName.Cpu ? "" : $", trainings on {OptionKey.Format(device)}";
}
