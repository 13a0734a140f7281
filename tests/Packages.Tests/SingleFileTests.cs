namespace TransformerClinic.Packages.Tests;

/// <summary>
/// The command published as a single file. To publish it and to translate with it takes minutes and is done by hand
/// (docs/packages.md).
/// </summary>
[Trait("Speed", "Slow")]
public class SingleFileTests
{
    /// <summary>Code that was compiled across modules ended the process there.</summary>
    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void Nothing_is_compiled_across_modules_for_a_single_file(bool isSingle)
    {
        var options = DotnetCommand.Run(
            RepositoryRoot.PathOf(),
            new Dictionary<string, string>(),
            "msbuild",
            RepositoryRoot.PathOf("src", "Clinic.Cli", "Clinic.Cli.csproj"),
            "-p:Configuration=Release",
            "-p:CompileAhead=true",
            $"-p:PublishSingleFile={isSingle}",
            "-getProperty:PublishReadyToRunCrossgen2ExtraArgs"
        );

        Assert.Equal(isSingle, !options.Contains("cross-module", StringComparison.Ordinal));
    }
}
