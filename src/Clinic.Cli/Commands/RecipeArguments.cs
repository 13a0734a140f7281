using System.CommandLine;
using TransformerClinic.Runs;

namespace TransformerClinic.Cli.Commands;

/// <summary>The arguments of verbs that run a recipe.</summary>
internal sealed class RecipeArguments
{
    public Argument<string> Recipe { get; } = new("recipe") { Description = "The recipe, a YAML file such as recipes/quickstart.yaml." };

    public Option<string?> Run { get; } = new("--run") { Description = "The run folder. Default: runs/ and the recipe's name." };

    public Option<string[]> Set { get; } = new("--set")
    {
        Description = "Overrides a recipe key: --set training.maxUpdates=500 --set seed=2.",
        AllowMultipleArgumentsPerToken = false,
        DefaultValueFactory = _ => [],
    };

    public Option<bool> ReferenceCompatible { get; } = Shared.ReferenceCompatible();

    public Option<string?> Device { get; } = new("--device") { Description = "cpu or cuda; the same as --set device=..." };

    public Option<bool> Json { get; } = Shared.Json();

    public void AddTo(Command command)
    {
        command.Add(Recipe);
        command.Add(Run);
        command.Add(Set);
        command.Add(ReferenceCompatible);
        command.Add(Device);
        command.Add(Json);
    }

    /// <summary>All overrides, those of <c>--reference-compatible</c> first, <c>--device</c> last.</summary>
    public IReadOnlyList<string> Overrides(ParseResult parsed) =>
    [
        .. parsed.GetValue(ReferenceCompatible) ? ReferenceCompatibility.Settings : [],
        .. parsed.GetValue(Set) ?? [],
        .. parsed.GetValue(Device) is { } device ? new[] { $"device={device}" } : [],
    ];
}
