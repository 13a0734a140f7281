using TorchSharp;

namespace TransformerClinic.Tests.Shared;

/// <summary>Where NuGet has put the packages of this build.</summary>
internal static class GlobalPackages
{
    public static string Folder =>
        Environment.GetEnvironmentVariable("NUGET_PACKAGES")
        ?? Path.Combine(Environment.GetFolderPath(Environment.SpecialFolder.UserProfile), ".nuget", "packages");

    public static string TorchSharpVersion => typeof(torch).Assembly.GetName().Version!.ToString(3);

    /// <summary>TorchSharp's own package.</summary>
    public static string TorchSharp => Path.Combine(Folder, "torchsharp", TorchSharpVersion);
}
