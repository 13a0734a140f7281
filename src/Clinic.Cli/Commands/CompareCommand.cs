using System.CommandLine;
using TransformerClinic.Cli.Options;
using TransformerClinic.Cli.Output;
using TransformerClinic.Recipes;
using TransformerClinic.Residuals;
using TransformerClinic.Workflows;

namespace TransformerClinic.Cli.Commands;

/// <summary><c>clinic compare</c></summary>
internal sealed class CompareCommand : ResultVerb
{
    private readonly Option<string> _variants = new("--variants")
    {
        Description = "Residual variants of encoder and decoder, separated by commas.",
        DefaultValueFactory = _ => "post-ln,pre-ln,admin",
    };
    private readonly Option<string?> _seeds = new("--seeds")
    {
        Description = "Seeds, separated by commas. Default: the recipe's.",
    };
    private readonly RecipeArguments _recipe = new();

    public CompareCommand()
        : base(
            "compare",
            "Trains each variant with the same seed, data order and budget, then prints and draws them side by side.",
            "clinic compare recipes/compare-18l.yaml",
            "clinic compare recipes/compare-18l.yaml --variants post-ln,admin --seeds 1,2,3 "
                + "--set training.maxUpdates=500"
        ) => Accept([_variants, _seeds, .. _recipe.All]);

    /// <inheritdoc/>
    protected override int Run(ParseResult parsed)
    {
        var recipe = _recipe.Read(parsed);
        var folder = parsed.GetValue(_recipe.Run) ?? Path.Combine("runs", $"compare-{recipe.Name}");
        var comparison = new ComparisonRun(
            recipe,
            Variants(parsed.GetRequiredValue(_variants)),
            Shared.Seeds(parsed.GetValue(_seeds)) ?? [recipe.Seed],
            folder,
            SpectreConsole.OnStandardError()
        );
        var results = UntilStopped(comparison.Run);
        if (results is null)
        {
            return ExitCode.Interrupted;
        }

        Print(parsed, results, shown => ComparisonTable.Write(shown, folder));
        return ExitCode.Done;
    }

    private static IReadOnlyList<ResidualVariant> Variants(string list)
    {
        var key = RecipeSchema.Keys.Single(key => key.Path == "model.encoder.variant");
        return [.. Shared.Split(list).Select(name => (ResidualVariant)key.Parse(name, $"--variants {list}"))];
    }
}
