using System.CommandLine;
using TransformerClinic.Common;
using TransformerClinic.Scoring.Significance;

namespace TransformerClinic.Cli.Options;

/// <summary>The options of a significance test.</summary>
internal sealed class SignificanceArguments
{
    /// <summary>The test's earlier name, still accepted.</summary>
    private const string BritishRandomization = "randomisation";

    private readonly Option<string?> _test = new("--significance")
    {
        Description =
            "Tests whether systems differ from the first, with confidence intervals: bootstrap or randomization.",
    };
    private readonly Option<int?> _trials = RangedOption.Of<SignificanceOptions, int>(
        nameof(SignificanceOptions.Trials),
        "--trials",
        "Samples of the test. Default: 1000 for bootstrap, 10000 for randomization."
    );
    private readonly Option<long?> _seed = Shared.Seed("Seed of the test's random numbers. Default: 12345.");

    public IReadOnlyList<Symbol> All => [_test, _trials, _seed];

    /// <summary>The test that a command line asks for, or null for none.</summary>
    /// <exception cref="UserErrorException">There is no such test, or there are trials without a test.</exception>
    public SignificanceOptions? Of(ParseResult parsed)
    {
        var trials = parsed.GetValue(_trials);
        var options = new SignificanceOptions();
        options = options with { Trials = trials, Seed = parsed.GetValue(_seed) ?? options.Seed };
        return parsed.GetValue(_test) switch
        {
            null when trials is not null => throw new UserErrorException(
                "--trials belongs to a test; add --significance bootstrap or --significance randomization."
            ),
            null => null,
            "bootstrap" => options with { Test = SignificanceTest.Bootstrap },
            "randomization" or BritishRandomization => options with { Test = SignificanceTest.Randomization },
            { } other => throw new UserErrorException(
                $"There is no test '{other}'. The tests are bootstrap and randomization."
            ),
        };
    }
}
