using System.ComponentModel.DataAnnotations;
using TransformerClinic.Common;
using TransformerClinic.Reproduction.Claims;

namespace TransformerClinic.Reproduction;

/// <summary>Which studies to run, and how.</summary>
public sealed record ReproductionOptions
{
    /// <summary>Names of studies; empty for all.</summary>
    public IReadOnlyList<string> Studies { get; init; } = [];

    /// <summary>How much time each study may take.</summary>
    public StudyBudget Budget { get; init; } = StudyBudget.Minutes;

    /// <summary>The folder for results, figures and finished trainings.</summary>
    public string Output { get; init; } = Path.Combine("runs", "reproduction");

    /// <summary>Parallel trainings, each on one thread; 0 for one per core. Results do not depend on it.</summary>
    [Range(0, 1024)]
    public int Threads { get; init; }

    /// <summary>Where small trainings run; what is measured of models is always measured on the processor.</summary>
    public DeviceName Device { get; init; } = DeviceName.Cpu;

    /// <summary>The folder of the text that comes with the project.</summary>
    public string Corpus { get; init; } = Path.Combine("corpora", "libreoffice-help");
}
