using TransformerClinic.Common;
using TransformerClinic.Pages.Elements;
using TransformerClinic.Web.Runs;

namespace TransformerClinic.Web.Dashboard;

/// <summary>What pages say of a run.</summary>
internal static class RunWords
{
    /// <summary>Its name: that of its folder, and of its recipe where that is another.</summary>
    public static string Name(RunDescription run) =>
        run.Recipe is { } recipe && recipe != run.Id ? $"{run.Id} ({recipe})" : run.Id;

    /// <summary>What it trains.</summary>
    public static string Kind(RunDescription run) =>
        string.Join(" · ", new[] { Languages(run), Model(run), Seed(run) }.Where(part => part.Length > 0));

    /// <summary>The languages; empty if they are not known.</summary>
    public static string Languages(RunDescription run) =>
        run is { Source: { } source, Target: { } target } ? $"{source} → {target}" : "";

    /// <summary>The model: variants and layers.</summary>
    public static string Model(RunDescription run)
    {
        if (run.EncoderVariant is null)
        {
            return "";
        }

        var variant =
            run.EncoderVariant == run.DecoderVariant
                ? run.EncoderVariant
                : $"{run.EncoderVariant}/{run.DecoderVariant}";
        return $"{variant}, {run.EncoderLayers}+{run.DecoderLayers} layers";
    }

    /// <summary>How it stands, in a word with its color.</summary>
    public static (string Word, Mood Mood) Status(RunDescription run) =>
        run.Status switch
        {
            RunStatus.Working => ("training", Mood.Fair),
            RunStatus.Stopped => ("stopped", Mood.Unknown),
            _ => Outcome(run.Outcome),
        };

    /// <summary>How it stands, in a sentence.</summary>
    public static VerdictView Verdict(RunDescription run)
    {
        var (word, mood) = Status(run);
        return new VerdictView(Headline(run))
        {
            Word = word,
            Mood = mood,
            Details = run.Problem is { } problem ? [problem] : [],
        };
    }

    /// <summary>Its numbers by now.</summary>
    public static IReadOnlyList<TileView> Tiles(RunDescription run) =>
        [
            new(
                "Updates",
                Numbers.Count(run.Updates),
                run.MaxUpdates is { } most ? $"of {Numbers.Count(most)} at most" : ""
            ),
            new(
                "Training time",
                Numbers.Duration(run.Seconds),
                run.UpdatesPerSecond is { } rate ? $"{Numbers.ThreeDigits(rate)} updates per second" : ""
            ),
            .. run.Status == RunStatus.Working
                ?
                [
                    new TileView(
                        "Time left",
                        run.RemainingSeconds is { } left ? Numbers.Duration(left) : Numbers.Missing,
                        "of training, at the present rate"
                    ),
                ]
                : (TileView[])
                    [
                        new TileView(
                            "BLEU",
                            Numbers.Bleu(run.Bleu),
                            run.Bleu is null ? "not scored" : "of 100, test set"
                        ),
                    ],
            new(
                "Validation perplexity",
                Numbers.Perplexity(run.ValidationNll is { } nll ? Math.Exp(nll) : null),
                run.ValidationNll is { } loss
                    ? $"{Numbers.Loss(loss)} nats per token, "
                        + (run.Status == RunStatus.Ended ? "final model" : "latest validation")
                    : "not validated yet"
            ),
            new("Training loss", Numbers.Loss(run.TrainingNll), "nats per token, latest"),
        ];

    private static string Headline(RunDescription run) =>
        run.Status switch
        {
            RunStatus.Working => "A process works in its folder.",
            RunStatus.Stopped when run.Updates > 0 =>
                "It was stopped before its end, and no process works in its folder: run its command again to resume.",
            RunStatus.Stopped => "Nothing has been trained yet, and no process works in its folder.",
            _ => run.Verdict ?? "It has ended.",
        };

    private static (string, Mood) Outcome(string? outcome) =>
        outcome switch
        {
            "stable" => ("stable", Mood.Good),
            "unsettled" => ("unsettled", Mood.Fair),
            "overfitting" => ("overfits", Mood.Fair),
            "not-improved" => ("no gain", Mood.Poor),
            "stuck" => ("did not learn", Mood.Poor),
            "diverged" => ("diverged", Mood.Poor),
            _ => ("ended", Mood.Unknown),
        };

    private static string Seed(RunDescription run) => run.Seed is { } seed ? $"seed {Numbers.Plain(seed)}" : "";
}
