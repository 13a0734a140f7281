using System.Diagnostics;
using System.Runtime.InteropServices;
using TorchSharp;

namespace TransformerClinic.Common;

/// <summary>
/// The libtorch that this process has loaded, which need not be the one that TorchSharp was built for; TorchSharp does
/// not ask it.
/// </summary>
internal static class LoadedTorch
{
    private const string ProcessorPart = "torch_cpu";
    private const string CudaPart = "torch_cuda";

    /// <summary>
    /// Its version by itself, such as "2.10.0", and "CUDA" where it is a build for CUDA; loads it if nothing has yet.
    /// </summary>
    public static string Version()
    {
        torch.InitializeDeviceType(DeviceType.CPU);
        string[] files = [.. Files()];
        var version = files
            .Where(file => IsPart(file, ProcessorPart))
            .Select(Asked)
            .FirstOrDefault(found => found is not null);
        return (version ?? $"unknown, TorchSharp is for {torch.__version__}")
            + (files.Any(file => IsPart(file, CudaPart)) ? " CUDA" : "");
    }

    /// <summary>
    /// A version as libtorch packs it into a number: major, minor and patch in the first three bytes.
    /// </summary>
    internal static string Unpacked(ulong version) => $"{version >> 56}.{version >> 48 & 0xFF}.{version >> 40 & 0xFF}";

    private static IEnumerable<string> Files()
    {
        using var process = Process.GetCurrentProcess();
        return [.. process.Modules.Cast<ProcessModule>().Select(module => module.FileName)];
    }

    private static bool IsPart(string file, string part) =>
        Path.GetFileNameWithoutExtension(file).EndsWith(part, StringComparison.Ordinal);

    /// <summary>What a library says of itself; null where it is too old to be asked, before 2.6.</summary>
    private static unsafe string? Asked(string file) =>
        NativeLibrary.TryLoad(file, out var library)
        && NativeLibrary.TryGetExport(library, "aoti_torch_abi_version", out var version)
            ? Unpacked(((delegate* unmanaged<ulong>)version)())
            : null;
}
