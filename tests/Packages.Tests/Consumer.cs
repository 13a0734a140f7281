using System.Runtime.InteropServices;
using System.Xml.Linq;

namespace TransformerClinic.Packages.Tests;

/// <summary>
/// Somebody else's project, outside the checkout, that takes a package of ours from a folder. Packages that this
/// machine
/// has are used where they lie; ours go into a folder of their own.
/// </summary>
internal sealed class Consumer : IDisposable
{
    // What this checkout pins, so that nothing has to be fetched; TorchSharp names older versions.
    private static readonly string[] Pinned = ["TorchSharp-cpu", "Google.Protobuf", "SharpZipLib", "SkiaSharp"];

    private readonly TemporaryFolder _folder = new();
    private readonly Dictionary<string, string> _environment;

    /// <summary>A project of one program, with this machine's runtime identifier or for all machines.</summary>
    public Consumer(string feed, string package, string version, string program, bool portable)
    {
        _environment = new Dictionary<string, string>
        {
            ["NUGET_PACKAGES"] = _folder.PathOf("packages"),
            // The engine normalizes Unicode, for which .NET needs ICU; the library does without.
            ["DOTNET_SYSTEM_GLOBALIZATION_INVARIANT"] = package == PackedLibrary.Id ? "1" : "0",
            // Tensors this small are not worth threads, which spin while they wait for each other.
            ["OMP_NUM_THREADS"] = "1",
        };
        _folder.Write("project/Program.cs", program);
        _folder.Write(
            "project/nuget.config",
            $"""
            <configuration>
              <packageSources><add key="library" value="{feed}" /></packageSources>
              <fallbackPackageFolders><add key="machine" value="{GlobalPackages.Folder}" /></fallbackPackageFolders>
            </configuration>
            """
        );
        _folder.Write(
            "project/Consumer.csproj",
            $"""
            <Project Sdk="Microsoft.NET.Sdk">
              <PropertyGroup>
                <OutputType>Exe</OutputType>
                <TargetFramework>net10.0</TargetFramework>
                <Nullable>enable</Nullable>
                <ImplicitUsings>enable</ImplicitUsings>
                {(
                portable
                    ? ""
                    : $"<RuntimeIdentifier>{RuntimeInformation.RuntimeIdentifier}</RuntimeIdentifier>"
                        + "<SelfContained>false</SelfContained>"
            )}
                <CreateHardLinksForCopyLocalIfPossible>true</CreateHardLinksForCopyLocalIfPossible>
                <NuGetAudit>false</NuGetAudit>
              </PropertyGroup>
              <ItemGroup>
                <PackageReference Include="{package}" Version="{version}" />
                {string.Concat(
                Pinned.Select(name => $"""<PackageReference Include="{name}" Version="{PinOf(name)}" />""")
            )}
              </ItemGroup>
            </Project>
            """
        );
    }

    private string Output => _folder.PathOf("out");

    public void Build() =>
        DotnetCommand.Run(
            _folder.PathOf("project"),
            _environment,
            "build",
            "-c",
            "Release",
            "-o",
            Output,
            "--disable-build-servers"
        );

    /// <summary>Runs what was built and returns what it prints.</summary>
    public string Run() =>
        DotnetCommand.Run(_folder.PathOf("project"), _environment, Path.Combine(Output, "Consumer.dll"));

    /// <summary>The files of a name that were built, relative to the output folder.</summary>
    public IReadOnlyList<string> Built(string name) =>
        [
            .. Directory
                .EnumerateFiles(Output, name, SearchOption.AllDirectories)
                .Select(path => Path.GetRelativePath(Output, path).Replace('\\', '/')),
        ];

    public void Dispose() => _folder.Dispose();

    private static string PinOf(string name)
    {
        var packages = XDocument.Load(RepositoryRoot.PathOf("Directory.Packages.props"));
        return packages
                .Descendants("PackageVersion")
                .SingleOrDefault(package => package.Attribute("Include")!.Value == name)
                ?.Attribute("Version")!
                .Value
            ?? GlobalPackages.TorchSharpVersion;
    }
}
