using System.CommandLine;

namespace TransformerClinic.Cli.Commands;

/// <summary>What several verbs share.</summary>
internal static class Shared
{
    public static Option<bool> Json() => new("--json") { Description = "Prints the result as one JSON object on standard output." };

    /// <summary>A description with examples under it, as <c>--help</c> prints them.</summary>
    public static string WithExamples(string description, params string[] examples) =>
        $"{description}\n\nExamples:\n{string.Join("\n", examples.Select(example => "  " + example))}";
}
