using System.Globalization;
using System.Reflection.PortableExecutable;
using System.Text;
using System.Text.RegularExpressions;
using System.Xml.Linq;

namespace TransformerClinic.Packages.Tests;

/// <summary>
/// The library's NuGet package: what is in it, and that a project that knows nothing of this checkout builds and runs
/// with it.
/// </summary>
[Trait("Speed", "Slow")]
[Collection(nameof(PackedFeed))]
public partial class LibraryPackageTests(PackedFeed packages)
{
    private readonly PackedLibrary _library = new(packages);

    [Fact]
    public void It_holds_the_library_its_documentation_the_readme_and_the_build_targets_and_nothing_else()
    {
        Assert.Equal(
            [
                "README.md",
                "TransformerClinic.Residuals.nuspec",
                "build/TransformerClinic.Residuals.targets",
                "build/WeakenGlibcxxVersion.cs",
                "buildTransitive/TransformerClinic.Residuals.targets",
                "buildTransitive/WeakenGlibcxxVersion.cs",
                "lib/net10.0/TransformerClinic.Residuals.dll",
                "lib/net10.0/TransformerClinic.Residuals.xml",
            ],
            _library.Files()
        );
        Assert.Contains("lib/net10.0/TransformerClinic.Residuals.pdb", _library.Files(".snupkg"));
        Assert.Contains(
            "M:TransformerClinic.Residuals.AdminProfiler.Run(",
            Encoding.UTF8.GetString(_library.Read("lib/net10.0/TransformerClinic.Residuals.xml")),
            StringComparison.Ordinal
        );
    }

    [Fact]
    public void TorchSharp_is_its_only_dependency()
    {
        var metadata = _library.Metadata();
        var group = Assert.Single(metadata.Element(metadata.Name.Namespace + "dependencies")!.Elements());
        Assert.Equal("net10.0", group.Attribute("targetFramework")!.Value);
        Assert.Equal(
            [("TorchSharp", GlobalPackages.TorchSharpVersion)],
            group
                .Elements()
                .Select(dependency => (dependency.Attribute("id")!.Value, dependency.Attribute("version")!.Value))
        );
    }

    [Fact]
    public void It_says_what_it_is_without_naming_a_place()
    {
        string Of(string name) =>
            _library.Metadata().Elements().Single(element => element.Name.LocalName == name).Value;
        Assert.Equal(("TransformerClinic.Residuals", "MIT", "README.md"), (Of("id"), Of("license"), Of("readme")));
        Assert.Contains("Post-LN", Of("description"), StringComparison.Ordinal);
        Assert.Contains("torchsharp", Of("tags").Split(' '));
        Assert.All(_library.Metadata().Descendants().Attributes("url"), url => Assert.Empty(url.Value));
        Assert.DoesNotContain(_library.Metadata().Elements(), element => element.Name.LocalName == "projectUrl");
    }

    [Fact]
    public void It_is_made_for_every_platform()
    {
        using var reader = new PEReader(new MemoryStream(_library.Read("lib/net10.0/TransformerClinic.Residuals.dll")));
        Assert.Equal(Machine.I386, reader.PEHeaders.CoffHeader.Machine);
        Assert.Equal(CorFlags.ILOnly, reader.PEHeaders.CorHeader!.Flags & (CorFlags.ILOnly | CorFlags.Requires32Bit));
    }

    /// <summary>
    /// libtorch is loaded from the output folder itself, or from a folder for each platform below it.
    /// </summary>
    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void The_readmes_program_builds_and_runs_with_the_package_and_prints_what_the_readme_says(bool portable)
    {
        Assert.SkipUnless(
            Directory.Exists(GlobalPackages.TorchSharp),
            "The packages of this build are not in the usual folder: half a gigabyte would have to be fetched."
        );
        var readme = new Readme(Encoding.UTF8.GetString(_library.Read("README.md")));
        // A variant of one's own needs no more than what is public.
        var program = readme.Program + '\n' + string.Join('\n', readme.Fragments.Single(IsVariant));
        using var consumer = new Consumer(packages.Feed, PackedLibrary.Id, packages.Version, program, portable);

        consumer.Build();
        var printed = consumer.Run().ReplaceLineEndings("\n").TrimEnd();

        Assert.Equal(Number().Replace(readme.Output, "#"), Number().Replace(printed, "#"));
        Assert.Equal(Numbers(readme.Output), Numbers(printed), (a, b) => Math.Abs(a - b) <= 0.011);
        var native = consumer.Built("*LibTorchSharp.*");
        Assert.NotEmpty(native);
        Assert.All(native, path => Assert.Equal(portable, path.StartsWith("runtimes/", StringComparison.Ordinal)));
    }

    private static bool IsVariant(string[] fragment) =>
        fragment[0].EndsWith(" : ResidualConnection", StringComparison.Ordinal);

    private static IEnumerable<double> Numbers(string text) =>
        Number().Matches(text).Select(match => double.Parse(match.Value, CultureInfo.InvariantCulture));

    [GeneratedRegex(@"\d+\.\d+")]
    private static partial Regex Number();
}
