using System.Reflection;
using System.Runtime.InteropServices;
using TorchSharp;
using TransformerClinic.Common;

namespace TransformerClinic.Runs;

/// <summary>
/// What a run runs on, as <c>environment.json</c> holds it. The same results are promised on like machines only, with
/// any number of workers.
/// </summary>
/// <param name="Clinic">Version of this program.</param>
/// <param name="DotNet">Version of .NET.</param>
/// <param name="TorchSharp">Version of TorchSharp.</param>
/// <param name="LibTorch">Version of the libtorch that is loaded.</param>
/// <param name="OperatingSystem">The operating system.</param>
/// <param name="Architecture">Of the processor, such as X64.</param>
/// <param name="Processor">The processor's name.</param>
/// <param name="Cores">Logical cores that the process may use.</param>
/// <param name="MemoryGiB">Memory that the process may use.</param>
/// <param name="Device">Where the model lives.</param>
/// <param name="Workers">Worker threads.</param>
/// <param name="Variables">
/// Those environment variables that change how libtorch computes, as far as they are set.
/// </param>
internal sealed record RunEnvironment(
    string Clinic,
    string DotNet,
    string TorchSharp,
    string LibTorch,
    string OperatingSystem,
    string Architecture,
    string Processor,
    int Cores,
    double MemoryGiB,
    string Device,
    int Workers,
    IReadOnlyDictionary<string, string> Variables
)
{
    // Changes how fast, not what is computed.
    private const string WaitPolicy = "OMP_WAIT_POLICY";

    private static readonly string[] Relevant =
    [
        "OMP_NUM_THREADS",
        WaitPolicy,
        "MKL_NUM_THREADS",
        "MKL_CBWR",
        "ATEN_CPU_CAPABILITY",
        "CUDA_VISIBLE_DEVICES",
        "CUBLAS_WORKSPACE_CONFIG",
    ];

    /// <summary>Version of this program.</summary>
    public static string ProgramVersion => VersionOf(typeof(RunEnvironment));

    /// <summary>This process's environment.</summary>
    public static RunEnvironment Capture(torch.Device device, int workers) =>
        new(
            ProgramVersion,
            RuntimeInformation.FrameworkDescription,
            VersionOf(typeof(torch)),
            LoadedTorch.Version(),
            RuntimeInformation.OSDescription,
            RuntimeInformation.ProcessArchitecture.ToString(),
            ProcessorName(),
            Environment.ProcessorCount,
            Math.Round(GC.GetGCMemoryInfo().TotalAvailableMemoryBytes / (double)(1L << 30), 1),
            device.ToString(),
            workers,
            Relevant
                .Select(name => (name, Value: Environment.GetEnvironmentVariable(name)))
                .Where(variable => variable.Value is not null)
                .ToDictionary(variable => variable.name, variable => variable.Value!, StringComparer.Ordinal)
        );

    /// <summary>
    /// In what it differs from an earlier environment so that the same computation can give other bits; empty where in
    /// nothing.
    /// </summary>
    public IReadOnlyList<string> ChangesSince(RunEnvironment earlier) =>
        [
            .. new (string What, object Then, object Now)[]
            {
                ("device", earlier.Device, Device),
                ("libtorch", WithoutRevision(earlier.LibTorch), WithoutRevision(LibTorch)),
                ("TorchSharp", earlier.TorchSharp, TorchSharp),
                ("clinic", earlier.Clinic, Clinic),
                ("processor", earlier.Processor, Processor),
                ("variables", Text(earlier.Variables), Text(Variables)),
            }
                .Where(fact => !fact.Then.Equals(fact.Now))
                .Select(fact => FormattableString.Invariant($"{fact.What} {fact.Then}, now {fact.Now}")),
        ];

    /// <summary>Each fact in words.</summary>
    public IReadOnlyList<string> Lines() =>
        [
            $"clinic {Clinic}, TorchSharp {TorchSharp}, libtorch {LibTorch}, {DotNet}",
            $"{OperatingSystem}, {Architecture}",
            FormattableString.Invariant($"{Processor}, {Cores} cores, {MemoryGiB:0.0} GiB of memory"),
            FormattableString.Invariant($"device {Device}, {Workers} worker threads"),
            .. Variables.Select(variable => $"{variable.Key}={variable.Value}"),
        ];

    /// <summary>
    /// Environments written before libtorch itself was asked have TorchSharp's constant of four numbers.
    /// </summary>
    private static string WithoutRevision(string version) =>
        Version.TryParse(version, out var numbers) && numbers.Revision == 0 ? numbers.ToString(3) : version;

    private static string Text(IReadOnlyDictionary<string, string> variables) =>
        string.Join(
            ' ',
            variables
                .Where(variable => variable.Key != WaitPolicy)
                .OrderBy(variable => variable.Key, StringComparer.Ordinal)
                .Select(variable => $"{variable.Key}={variable.Value}")
                .DefaultIfEmpty("none")
        );

    private static string VersionOf(Type type) =>
        type.Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()?.InformationalVersion.Split('+')[0]
        ?? type.Assembly.GetName().Version!.ToString();

    private static string ProcessorName()
    {
        const string CpuInfo = "/proc/cpuinfo";
        var line = File.Exists(CpuInfo)
            ? File.ReadLines(CpuInfo).FirstOrDefault(line => line.StartsWith("model name", StringComparison.Ordinal))
            : null;
        return line?[(line.IndexOf(':', StringComparison.Ordinal) + 1)..].Trim()
            ?? Environment.GetEnvironmentVariable("PROCESSOR_IDENTIFIER")
            ?? "unknown processor";
    }
}
