using System.CommandLine;
using TransformerClinic.Cli.Options;
using TransformerClinic.Comparisons.Recommendations;

namespace TransformerClinic.Cli.Commands;

/// <summary><c>clinic recommend</c></summary>
internal sealed class RecommendCommand : ResultVerb
{
    private readonly RecipeArguments _recipe = new();
    private readonly Option<string[]> _evidence = new("--evidence")
    {
        Description =
            "A comparison.json that compare wrote, or its folder, in addition to the project's own; may be repeated.",
        DefaultValueFactory = _ => [],
    };
    private readonly Option<bool> _onlyGiven = new("--only-evidence")
    {
        Description = "Uses only what --evidence names, not the project's own comparisons.",
    };
    private readonly Option<long?> _pairs = RangedOption.Of(
        "--pairs",
        "Training pairs. Default: those in the recipe's files.",
        1,
        long.MaxValue
    );
    private readonly Option<long?> _tokens = RangedOption.Of(
        "--tokens",
        "Target tokens of the training. Default: as many as the recipe's end allows.",
        1,
        long.MaxValue
    );

    public RecommendCommand()
        : base(
            "recommend",
            "Says which remedy suits a recipe's depth, text and budget, with the runs that it rests on, and what no "
                + "run supports. Ends with 1 if none supports any.",
            "clinic recommend recipes/compare-18l.yaml",
            "clinic recommend recipes/quickstart.yaml --tokens 4000000 --json",
            "clinic recommend my.yaml --evidence runs/compare-my --only-evidence"
        ) => Accept([_recipe.Recipe, _evidence, _onlyGiven, _pairs, _tokens, .. _recipe.Changes]);

    /// <inheritdoc/>
    protected override int Run(ParseResult parsed)
    {
        var recipe = _recipe.Read(parsed);
        Evidence[] evidence =
        [
            .. (parsed.GetValue(_evidence) ?? []).Select(Evidence.Read),
            .. parsed.GetValue(_onlyGiven) ? [] : Evidence.Own(),
        ];
        var situation = UntilStopped(stop =>
            TrainingSituation.Of(recipe, parsed.GetValue(_pairs), parsed.GetValue(_tokens), stop)
        );
        var recommendation = new Recommender(evidence).For(situation);
        Print(parsed, recommendation, Text);
        return recommendation.Remedy is null ? ExitCode.Failure : ExitCode.Done;
    }

    private static string Text(Recommendation shown)
    {
        string[] lines =
        [
            shown.Headline,
            .. shown.Settings.Count > 0
                ? [string.Join(' ', shown.Settings.Select(setting => $"{Shared.SetName} {setting}"))]
                : Array.Empty<string>(),
            .. Part("What the runs show:", shown.Findings),
            .. Part("What no run supports:", shown.Unsupported),
            .. Part("Evidence:", shown.Evidence),
        ];
        return string.Concat(lines.Select(line => line + "\n"));
    }

    private static IEnumerable<string> Part(string heading, IReadOnlyList<string> lines) =>
        lines.Count == 0 ? [] : ["", heading, .. lines.Select(line => $"  {line}")];
}
