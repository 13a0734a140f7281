using System.CommandLine;
using TransformerClinic.Scoring.Significance;

namespace TransformerClinic.Cli.Commands;

/// <summary>The options of a significance test.</summary>
internal sealed class SignificanceArguments
{
    private const int MaxTrials = 1_000_000;

    public Option<string?> Test { get; } = new("--significance")
    {
        Description = "Tests whether systems differ from the first, with confidence intervals: bootstrap or randomisation.",
    };

    public Option<int?> Trials { get; } = new("--trials") { Description = "Samples of the test. Default: 1000 of bootstrap, 10000 of randomisation." };

    public Option<long> Seed { get; } = new("--seed") { Description = "Seed of the test's random numbers.", DefaultValueFactory = _ => new SignificanceOptions().Seed };

    /// <summary>The test that a command line asks for, or null for none.</summary>
    /// <exception cref="UserErrorException">There is no such test, or no such number of trials.</exception>
    public SignificanceOptions? Of(ParseResult parsed)
    {
        var trials = parsed.GetValue(Trials);
        if (trials is < 1 or > MaxTrials)
        {
            throw new UserErrorException($"--trials is from 1 to {MaxTrials}, not {trials}.");
        }

        return parsed.GetValue(Test) switch
        {
            null when trials is not null => throw new UserErrorException("--trials belongs to a test; add --significance bootstrap or --significance randomisation."),
            null => null,
            "bootstrap" => new SignificanceOptions { Test = SignificanceTest.Bootstrap, Trials = trials, Seed = parsed.GetValue(Seed) },
            "randomisation" => new SignificanceOptions { Test = SignificanceTest.Randomisation, Trials = trials, Seed = parsed.GetValue(Seed) },
            { } other => throw new UserErrorException($"There is no test '{other}'. There are bootstrap and randomisation."),
        };
    }
}
