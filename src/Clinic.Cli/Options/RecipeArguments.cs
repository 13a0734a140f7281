using System.CommandLine;
using TransformerClinic.Common;
using TransformerClinic.Recipes;

namespace TransformerClinic.Cli.Options;

/// <summary>The arguments of verbs that run a recipe.</summary>
internal sealed class RecipeArguments
{
    private readonly Option<string[]> _set = Shared.Set();
    private readonly Option<bool> _compatible = Shared.ReferenceCompatible();
    private readonly Option<DeviceName?> _device = NamedOption.Of<DeviceName>(
        "--device",
        "cpu or cuda; the same as --set device=..."
    );

    public Argument<string> Recipe { get; } =
        new("recipe") { Description = "The recipe, a YAML file such as recipes/quickstart.yaml." };

    public Option<string?> Run { get; } =
        new("--run") { Description = "The run folder. Default: runs/ plus the recipe's name." };

    /// <summary>Changes to the recipe.</summary>
    public IReadOnlyList<Symbol> Changes => [_set, _compatible, _device];

    public IReadOnlyList<Symbol> All => [Recipe, Run, .. Changes];

    /// <summary>The recipe with all overrides.</summary>
    /// <exception cref="UserErrorException">There is no such recipe, or it or an override is wrong.</exception>
    public Recipe Read(ParseResult parsed) =>
        RecipeReader.Read(parsed.GetRequiredValue(Recipe), Overrides(parsed), Shared.SetName);

    /// <summary>All overrides: those of <c>--reference-compatible</c> first, <c>--device</c> last.</summary>
    public IReadOnlyList<string> Overrides(ParseResult parsed) =>
        [
            .. parsed.GetValue(_compatible) ? ReferenceCompatibility.Settings : [],
            .. parsed.GetValue(_set) ?? [],
            .. parsed.GetValue(_device) is { } device ? new[] { $"device={RecipeKey.Format(device)}" } : [],
        ];
}
