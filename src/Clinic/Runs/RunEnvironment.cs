using System.Reflection;
using System.Runtime.InteropServices;
using TorchSharp;

namespace TransformerClinic.Runs;

/// <summary>What a run runs on, as <c>environment.json</c> holds it. The same results are promised on the same machine with the same threads only.</summary>
public sealed record RunEnvironment(
    string Clinic,
    string DotNet,
    string TorchSharp,
    string OperatingSystem,
    string Architecture,
    string Processor,
    int Cores,
    double MemoryGiB,
    string Device,
    int Workers)
{
    /// <summary>This process's environment.</summary>
    public static RunEnvironment Capture(torch.Device device, int workers) => new(
        VersionOf(typeof(RunEnvironment)),
        RuntimeInformation.FrameworkDescription,
        VersionOf(typeof(torch)),
        RuntimeInformation.OSDescription,
        RuntimeInformation.OSArchitecture.ToString(),
        ProcessorName(),
        Environment.ProcessorCount,
        Math.Round(GC.GetGCMemoryInfo().TotalAvailableMemoryBytes / (double)(1L << 30), 1),
        device.ToString(),
        workers);

    /// <summary>Each fact in words.</summary>
    public IReadOnlyList<string> Lines() =>
    [
        $"clinic {Clinic}, TorchSharp {TorchSharp}, {DotNet}",
        $"{OperatingSystem}, {Architecture}",
        FormattableString.Invariant($"{Processor}, {Cores} cores, {MemoryGiB:0.0} GiB of memory"),
        $"device {Device}, {Workers} worker threads",
    ];

    private static string VersionOf(Type type) =>
        type.Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()?.InformationalVersion.Split('+')[0] ?? type.Assembly.GetName().Version!.ToString();

    private static string ProcessorName()
    {
        const string CpuInfo = "/proc/cpuinfo";
        var line = File.Exists(CpuInfo) ? File.ReadLines(CpuInfo).FirstOrDefault(line => line.StartsWith("model name", StringComparison.Ordinal)) : null;
        return line?[(line.IndexOf(':', StringComparison.Ordinal) + 1)..].Trim() ?? Environment.GetEnvironmentVariable("PROCESSOR_IDENTIFIER") ?? "unknown processor";
    }
}
