using System.Text.RegularExpressions;

namespace TransformerClinic.Tests.Architecture;

/// <summary>
/// The engine speaks of options and of what to do: which flag or verb of the command that takes, only the command
/// knows, and other programs have none.
/// </summary>
public sealed partial class EngineMessageTests
{
    /// <summary>They print the command that makes a page again.</summary>
    private static readonly string[] OfCommands = ["ComparisonReportBuilder", "RunReportBuilder"];

    private static readonly IReadOnlyList<SourceFile> Engine = SourceFile.Below(["src/Clinic", "src/Residuals"], ".cs");

    [Fact]
    public void No_string_of_the_engine_names_a_flag_or_a_verb_of_the_command()
    {
        Assert.True(Engine.Count > 50, "too few files were found");
        Assert.Empty(
            Engine
                .Where(file => !OfCommands.Contains(file.Name))
                .SelectMany(file => Found(file).Select(text => $"{file}: {text}"))
        );
    }

    [Fact]
    public void Every_exception_is_needed() =>
        Assert.All(OfCommands, name => Assert.NotEmpty(Found(Engine.Single(file => file.Name == name))));

    [Theory]
    [InlineData("\"Name another with --run.\"", true)]
    [InlineData("$\"--set {setting}: \"", true)]
    [InlineData("$\"{a[\"x\"]} (--set)\"", true)]
    [InlineData("\"Type clinic train again.\"", true)]
    [InlineData("\"no flag\" + --count + \" here\"", false)]
    [InlineData("\"60 -- 12\"", false)]
    [InlineData("\"a clinic is not a verb\"", false)]
    public void Flags_and_verbs_are_found_in_strings(string code, bool found) => Assert.Equal(found, Names(code));

    private static IEnumerable<string> Found(SourceFile file) => file.Code.Where(Names).Select(line => line.Trim());

    private static bool Names(string line) => Literal().Matches(line).Any(text => FlagOrVerb().IsMatch(text.Value));

    [GeneratedRegex(@"""(?:[^""\\]|\\.)*""")]
    private static partial Regex Literal();

    [GeneratedRegex(
        @"(?<![\w-])--[a-z]|\bclinic (?:average|checkpoints|compare|compare-outputs|diagnose|evaluate|fold|profile|"
            + @"recommend|reproduce|score|score-pairs|train|translate|verify)\b"
    )]
    private static partial Regex FlagOrVerb();
}
