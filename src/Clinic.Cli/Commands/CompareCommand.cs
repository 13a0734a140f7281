using System.CommandLine;
using System.Globalization;
using TransformerClinic.Cli.Options;
using TransformerClinic.Cli.Output;
using TransformerClinic.Common;
using TransformerClinic.Comparisons;

namespace TransformerClinic.Cli.Commands;

/// <summary><c>clinic compare</c></summary>
internal sealed class CompareCommand : ResultVerb
{
    private readonly Option<string> _variants = new("--variants")
    {
        Description =
            "Residual variants of encoder and decoder, separated by commas, or all. After + come keys of both stacks "
            + "or of training with their values: b2t+initialization=xavier.",
        DefaultValueFactory = _ => "post-ln,pre-ln,admin",
    };
    private readonly Option<string?> _seeds = new("--seeds")
    {
        Description = "Seeds, separated by commas. Default: the recipe's.",
    };
    private readonly Option<string?> _rates = new("--rates")
    {
        Description =
            "Learning rates, separated by commas, that are tried with each variant and the first seed; the one with "
            + "the lowest validation loss is used. Default: only the recipe's, without a search.",
    };
    private readonly Option<int?> _tokens = RangedOption.Of(
        "--tokens",
        "Target tokens of each training, in place of the recipe's end.",
        1,
        int.MaxValue
    );
    private readonly Option<int?> _searchTokens = RangedOption.Of(
        "--search-tokens",
        "Target tokens of each training of the search for the rate. Default: half of a training.",
        1,
        int.MaxValue
    );
    private readonly Option<bool> _noDiagnosis = new("--no-diagnosis")
    {
        Description = "Does not diagnose each variant before and after training, which saves about a minute each.",
    };
    private readonly RecipeArguments _recipe = new();

    public CompareCommand()
        : base(
            "compare",
            "Trains each variant with the same seeds, data order and budget, and writes a page with ranking, curves "
                + "and diagnoses.",
            "clinic compare recipes/compare-18l.yaml",
            "clinic compare recipes/compare-18l.yaml --variants post-ln,admin --seeds 1,2,3 "
                + "--set training.maxUpdates=500",
            "clinic compare recipes/compare-18l.yaml --variants all --rates 5e-4,1e-3,2e-3 --tokens 500000 "
                + "--seeds 1,2,3",
            "clinic compare recipes/compare-18l.yaml --variants b2t,b2t+initialization=xavier,post-ln+norm=rms-norm"
        ) => Accept([_variants, _seeds, _rates, _tokens, _searchTokens, _noDiagnosis, .. _recipe.All]);

    /// <inheritdoc/>
    protected override int Run(ParseResult parsed)
    {
        var recipe = _recipe.Read(parsed);
        var folder = parsed.GetValue(_recipe.Run) ?? Path.Combine("runs", $"compare-{recipe.Name}");
        var variants = parsed.GetRequiredValue(_variants);
        var options = new ComparisonOptions
        {
            Candidates = Candidate.ParseList(variants, $"--variants {variants}"),
            Seeds = Shared.Seeds(parsed.GetValue(_seeds)) ?? [recipe.Seed],
            Rates = Rates(parsed.GetValue(_rates)),
            Tokens = parsed.GetValue(_tokens),
            SearchTokens = parsed.GetValue(_searchTokens),
            Diagnoses = !parsed.GetValue(_noDiagnosis),
        };
        var comparison = new ComparisonRun(recipe, options, folder, SpectreConsole.OnStandardError());
        var results = UntilStopped(comparison.Run);
        if (results is null)
        {
            return ExitCode.Interrupted;
        }

        Print(parsed, results, shown => ComparisonTable.Write(shown, folder));
        return ExitCode.Done;
    }

    private static IReadOnlyList<double> Rates(string? list) =>
        [
            .. Shared
                .Split(list ?? "")
                .Select(rate =>
                    double.TryParse(rate, NumberStyles.Float, CultureInfo.InvariantCulture, out var value) && value > 0
                        ? value
                        : throw new UserErrorException(
                            $"--rates {list}: '{rate}' is not a learning rate; it must be a number above 0, such as "
                                + "1e-3."
                        )
                )
                .Distinct()
                .Order(),
        ];
}
