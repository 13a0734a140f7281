using System.Globalization;
using TransformerClinic.Common;
using TransformerClinic.Comparisons.Presentation;
using TransformerClinic.Model;

namespace TransformerClinic.Comparisons.Recommendations;

/// <summary>
/// Recommends what won in the comparison that is nearest to a situation, and nothing where none is near enough: within
/// a factor of 1.5 in the depth of each stack, 8 in training pairs, 4 in target tokens. These limits are judgment, not
/// measurement: remedies differ by depth most, and rankings turn over with longer training.
/// </summary>
/// <param name="evidence">The comparisons.</param>
internal sealed class Recommender(IReadOnlyList<Evidence> evidence)
{
    private const double NearDepth = 1.5;
    private const double NearPairs = 8;
    private const double NearTokens = 4;
    private const double NearDim = 2;

    /// <summary>What the evidence says.</summary>
    public Recommendation For(TrainingSituation situation)
    {
        var byDistance = evidence.OrderBy(one => Distance(one, situation)).ToList();
        var near = byDistance.Where(one => Obstacles(one, situation).Count == 0).ToList();
        return byDistance.Count == 0 ? Refusal(situation, "no run is given as evidence", [], [])
            : near.Count == 0
                ? Refusal(
                    situation,
                    Obstacles(byDistance[0], situation)[0],
                    [.. Obstacles(byDistance[0], situation).Skip(1).Select(Sentence)],
                    [byDistance[0]]
                )
            : Supported(situation, near);
    }

    private static Recommendation Refusal(
        TrainingSituation situation,
        string why,
        IReadOnlyList<string> more,
        IReadOnlyList<Evidence> nearest
    ) =>
        new()
        {
            Situation = situation,
            Headline = $"No remedy is recommended for {situation.Depth} layers: {why}.",
            Findings = [.. nearest.SelectMany(one => Findings(one, Ranking.Of(one.Results)))],
            Unsupported = more,
            Evidence = [.. nearest.Select(one => one.Words())],
        };

    private static Recommendation Supported(TrainingSituation situation, IReadOnlyList<Evidence> near)
    {
        var ranking = Ranking.Of(near[0].Results);
        if (ranking is not [{ Trained: true, Failed: 0 } best, ..])
        {
            return Refusal(situation, $"no run of {near[0].Results.Recipe} trained without a failure", [], near);
        }

        var others = near.Skip(1)
            .Select(one => (one, Best: Ranking.Of(one.Results).FirstOrDefault(other => other.Trained)));
        return new Recommendation
        {
            Situation = situation,
            Remedy = best.Candidate.Key,
            Settings = SettingsOf(best),
            Headline =
                $"{best.Candidate.Name} for {situation.Depth} layers: it reached the lowest validation loss, "
                + $"{Numbers.Loss(best.Nll!.Mean)} nats per token (perplexity "
                + $"{Numbers.Perplexity(Math.Exp(best.Nll.Mean))}), in {Seeds(best)}.",
            Findings =
            [
                .. Findings(near[0], ranking),
                .. from other in others
                where other.Best is not null
                select $"In {other.one.Results.Recipe} ({other.one.Depth} layers) the best was "
                    + $"{other.Best!.Candidate.Name}.",
            ],
            Unsupported = [.. Limits(near[0], ranking, situation)],
            Evidence = [.. near.Select(one => one.Words())],
        };
    }

    /// <summary>
    /// What keeps a comparison from supporting a claim, in words that follow a colon; none if it may.
    /// </summary>
    private static IReadOnlyList<string> Obstacles(Evidence one, TrainingSituation situation)
    {
        var setting = one.Results.Setting;
        var obstacles = new List<string>();
        if (
            Ratio(setting.EncoderLayers, situation.EncoderLayers) > NearDepth
            || Ratio(setting.DecoderLayers, situation.DecoderLayers) > NearDepth
        )
        {
            obstacles.Add($"no run of ours has about {situation.Depth} layers; the nearest have {one.Depth}");
        }

        if (situation.TargetTokens is { } tokens && one.Tokens is { } had && Ratio(tokens, had) > NearTokens)
        {
            obstacles.Add(
                $"no run of ours of {one.Depth} layers trained on about {Numbers.RoughCount(tokens)} target tokens; "
                    + $"the nearest trained on {Numbers.RoughCount(had)}, and rankings can turn over in between"
            );
        }

        if (situation.TrainingPairs is { } pairs && setting.TrainingPairs is { } of && Ratio(pairs, of) > NearPairs)
        {
            obstacles.Add(
                $"no run of ours of {one.Depth} layers had about {Numbers.Count(pairs)} training pairs; the nearest "
                    + $"had {Numbers.Count(of)}"
            );
        }

        return obstacles;
    }

    private static IEnumerable<string> Limits(
        Evidence one,
        IReadOnlyList<RankedCandidate> ranking,
        TrainingSituation situation
    )
    {
        var setting = one.Results.Setting;
        if (one.Results.Search.Count == 0)
        {
            var rates = one.Results.Runs.Select(run => OptionKey.Format(run.LearningRate)).Distinct();
            yield return $"No run of ours tried another learning rate than {string.Join(", ", rates)} here: it may "
                + "suit some variants better than others.";
        }

        if (Ratio(setting.Dim, situation.Dim) > NearDim)
        {
            yield return $"No run of ours of this depth has a width near {situation.Dim}; these have {setting.Dim}.";
        }

        if (situation.TargetTokens is null)
        {
            yield return "How long this recipe trains is decided by the clock, so nothing is claimed for more than "
                + $"{Numbers.RoughCount(one.Tokens ?? 0)} target tokens.";
        }

        if (situation.TrainingPairs is null)
        {
            yield return "How much text this recipe has is not known; its files are not there.";
        }

        if (ranking.Any(candidate => candidate.Nll is { Count: 1 }))
        {
            yield return "Some variants have one seed, which chance may have favored.";
        }

        yield return $"No run of ours of this depth is of other languages than {setting.Languages}.";
        var tried = ranking.Select(candidate => candidate.Candidate.Variant).ToHashSet();
        var missing = Enum.GetValues<Residuals.ResidualVariant>().Where(variant => !tried.Contains(variant)).ToList();
        if (missing.Count > 0)
        {
            yield return "No run of ours of this depth has "
                + $"{string.Join(", ", missing.Select(variant => variant.Key()))}.";
        }
    }

    private static IEnumerable<string> Findings(Evidence one, IReadOnlyList<RankedCandidate> ranking)
    {
        yield return $"{one.Depth} layers: "
            + string.Join(
                ", ",
                ranking.Select(candidate =>
                    candidate.Nll is { } nll
                        ? $"{candidate.Candidate.Name} {Numbers.Loss(nll.Mean)}"
                            + (nll.HalfWidth is { } half ? $" ± {Numbers.Loss(half)}" : "")
                        : $"{candidate.Candidate.Name} failed"
                )
            )
            + " (validation loss in nats per token; ± is half of a 95 % interval).";
        foreach (var choice in Choice.Of(ranking))
        {
            yield return choice.Words;
        }

        if (one.Results.Note.Length > 0)
        {
            yield return one.Results.Note;
        }
    }

    private static IReadOnlyList<string> SettingsOf(RankedCandidate best) =>
        [
            .. best.Candidate.Overrides(),
            string.Create(
                CultureInfo.InvariantCulture,
                $"training.schedule.learningRate={OptionKey.Format(best.LearningRate!.Value)}"
            ),
        ];

    private static string Seeds(RankedCandidate best) =>
        best.Nll!.Count == 1 ? "one run" : $"{best.Nll.Count} of {best.Runs.Count} seeds";

    private static string Sentence(string words) => $"{char.ToUpperInvariant(words[0])}{words[1..]}.";

    private static double Distance(Evidence one, TrainingSituation situation)
    {
        var setting = one.Results.Setting;
        double[] ratios =
        [
            Math.Pow(Ratio(setting.EncoderLayers, situation.EncoderLayers), 2),
            Math.Pow(Ratio(setting.DecoderLayers, situation.DecoderLayers), 2),
            situation.TargetTokens is { } tokens && one.Tokens is { } had ? Ratio(tokens, had) : 1,
            situation.TrainingPairs is { } pairs && setting.TrainingPairs is { } of ? Ratio(pairs, of) : 1,
        ];
        return ratios.Sum(Math.Log);
    }

    private static double Ratio(double first, double second) => Math.Max(first / second, second / first);
}
