using System.Diagnostics;
using System.Text.Json.Serialization;
using TransformerClinic.Files;

namespace TransformerClinic.Bench.Recompute;

/// <summary>
/// The largest resident memory of a training in its own process: weights, gradients, moments, activations, program and
/// libraries.
/// </summary>
/// <param name="Layers">Layers of either stack.</param>
/// <param name="Recompute">Whether layers are computed again.</param>
/// <param name="Bfloat16">Whether products are in bfloat16.</param>
/// <param name="Parameters">Parameters of the model.</param>
/// <param name="PeakBytes">The memory.</param>
/// <param name="SecondsPerUpdate">Seconds of the last update.</param>
internal sealed record PeakMemory(
    int Layers,
    bool Recompute,
    bool Bfloat16,
    long Parameters,
    long PeakBytes,
    double SecondsPerUpdate
)
{
    private const int Updates = 3;

    /// <summary>The memory in GiB.</summary>
    [JsonIgnore]
    public double PeakGib => PeakBytes / (double)(1 << 30);

    /// <summary>Measures this process, which must not have done anything else.</summary>
    public static PeakMemory OfThisProcess(int layers, bool recompute, bool bfloat16, int workers)
    {
        using var training = new DeepTraining(layers, workers);
        training.Replicas.Recompute = recompute;
        training.Replicas.Bfloat16 = bfloat16;
        double[] seconds = [.. Enumerable.Range(0, Updates).Select(_ => training.Update())];
        return new PeakMemory(
            layers,
            recompute,
            bfloat16,
            training.Replicas.Parameters.Count,
            Process.GetCurrentProcess().PeakWorkingSet64,
            seconds[^1]
        );
    }

    /// <summary>Starts this program again for one measurement.</summary>
    /// <exception cref="InvalidOperationException">The process failed, perhaps for lack of memory.</exception>
    public static PeakMemory OfNewProcess(int layers, bool recompute, bool bfloat16, int workers)
    {
        var start = new ProcessStartInfo(Environment.ProcessPath!) { RedirectStandardOutput = true };
        string[] arguments =
        [
            "recompute",
            "memory",
            "--layers",
            $"{layers}",
            "--recompute",
            $"{recompute}",
            "--bf16",
            $"{bfloat16}",
            "--threads",
            $"{workers}",
        ];
        Array.ForEach(arguments, start.ArgumentList.Add);
        using var process = Process.Start(start)!;
        var output = process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        return process.ExitCode == 0
            ? Json.FromLine<PeakMemory>(output)!
            : throw new InvalidOperationException(
                $"The process of {layers}+{layers} layers ended with exit code {process.ExitCode}."
            );
    }

    /// <summary>The measurement as reported by the started process.</summary>
    public override string ToString() => Json.Line(this);
}
