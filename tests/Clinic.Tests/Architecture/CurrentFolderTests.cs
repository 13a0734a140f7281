using System.Text.RegularExpressions;

namespace TransformerClinic.Tests.Architecture;

/// <summary>
/// The engine does not ask which folder the process was started in: relative paths start at a folder that is named.
/// </summary>
public partial class CurrentFolderTests
{
    [Fact]
    public void The_engine_does_not_ask_for_the_current_folder()
    {
        var files = SourceFile.Below(["src/Clinic", "src/Reproduction", "src/Residuals"], ".cs");

        Assert.True(files.Count > 100, "too few files were found");
        Assert.Empty(
            files.Where(file => file.Code.Any(line => CurrentFolder().IsMatch(line))).Select(file => file.Path)
        );
        Assert.Contains(
            SourceFile.Below(["src/Clinic.Cli"], ".cs").SelectMany(file => file.Code),
            line => CurrentFolder().IsMatch(line)
        );
    }

    [GeneratedRegex(@"\b(CurrentDirectory|GetCurrentDirectory|SetCurrentDirectory)\b")]
    private static partial Regex CurrentFolder();
}
