using System.Globalization;
using System.Text;
using System.Text.Json.Serialization;
using TransformerClinic.Common;
using TransformerClinic.Diagnosis.Findings;
using TransformerClinic.Model;

namespace TransformerClinic.Bench.Prediction;

/// <summary>A training with its prediction.</summary>
/// <param name="Known">The training and its end.</param>
/// <param name="Signs">What was measured before it.</param>
/// <param name="Prediction">The prediction.</param>
internal sealed record PredictedTraining(KnownTraining Known, TrainingSigns Signs, TrainingPrediction Prediction)
{
    /// <summary>Whether the prediction is right.</summary>
    public bool Hit => Prediction.Trains == Known.Trained;
}

/// <summary>How often predictions are right.</summary>
/// <param name="Source">Which trainings.</param>
/// <param name="Trainings">How many there are.</param>
/// <param name="Trained">How many of them trained.</param>
/// <param name="Hits">How many predictions are right.</param>
/// <param name="Clear">How many are not near the limit.</param>
/// <param name="ClearHits">How many of these are right.</param>
internal sealed record HitRate(string Source, int Trainings, int Trained, int Hits, int Clear, int ClearHits);

/// <summary>The prediction before training on trainings whose ends are known.</summary>
/// <param name="Rule">The rule fitted on <see cref="Fitted"/>.</param>
/// <param name="Trainings">Training by training.</param>
internal sealed record PredictionTable(
    PredictionRule Rule,
    [property: JsonIgnore] IReadOnlyList<PredictedTraining> Trainings
)
{
    /// <summary>The trainings, as they are published.</summary>
    public IReadOnlyList<PublishedRow> Rows => [.. Trainings.Select(PublishedRow.Of)];

    /// <summary>The half of the first grid that the rule is fitted on.</summary>
    public const string Fitted = "fitted";

    /// <summary>The other half.</summary>
    public const string Tested = "tested";

    /// <summary>The second grid.</summary>
    public const string Second = "second grid";

    private const long HalvesSeed = 1;

    /// <summary>The hit rates, in the order of the trainings.</summary>
    public IReadOnlyList<HitRate> Rates =>
        [
            .. Trainings
                .GroupBy(training => training.Known.Source)
                .Select(part => new HitRate(
                    part.Key,
                    part.Count(),
                    part.Count(training => training.Known.Trained),
                    part.Count(training => training.Hit),
                    part.Count(training => !training.Prediction.Close),
                    part.Count(training => training is { Prediction.Close: false, Hit: true })
                )),
        ];

    /// <summary>To which half each training of the first grid belongs, by a fixed permutation.</summary>
    public static IReadOnlyList<string> Halves(int count)
    {
        var fitted = CounterRandom.Permutation(count, HalvesSeed, "halves", 0).Take(count / 2).ToHashSet();
        return [.. Enumerable.Range(0, count).Select(i => fitted.Contains(i) ? Fitted : Tested)];
    }

    /// <summary>Fits a rule on <see cref="Fitted"/> and predicts all.</summary>
    public static PredictionTable Fit(IReadOnlyList<(KnownTraining Known, TrainingSigns Signs)> trainings)
    {
        var rule = RuleOf([.. trainings.Where(training => training.Known.Source == Fitted)]);
        return new PredictionTable(
            rule,
            [
                .. trainings.Select(training => new PredictedTraining(
                    training.Known,
                    training.Signs,
                    rule.Predict(training.Signs, training.Known.Encoder)
                )),
            ]
        );
    }

    public string Markdown()
    {
        var text = new StringBuilder(
            "| source | encoder | decoder | learning rate | warm-up | seed | nll | trained | change at the peak | "
                + "similarity | limit | predicted |\n|---|---|---|---|---|---|---|---|---|---|---|---|\n"
        );
        foreach (var training in Trainings)
        {
            var (known, prediction) = (training.Known, training.Prediction);
            var schedule = known.Training.Schedule;
            text.Append(
                CultureInfo.InvariantCulture,
                $"| {known.Source} | {Stack(known.Encoder)} | {Stack(known.Decoder)} | "
                    + $"{schedule.LearningRate} | {schedule.WarmUpUpdates} | {known.Seed} | "
                    + $"{known.Nll:0.00} | {Word(known.Trained)} | {prediction.OutputChange:g2} | "
                    + $"{prediction.Similarity:0.000} | {prediction.Limit:g2} | {Word(prediction.Trains)}"
                    + $"{(prediction.Close ? ", near" : "")}{(training.Hit ? "" : " **miss**")} |\n"
            );
        }

        text.Append(
            CultureInfo.InvariantCulture,
            $"\nThe rule: the first {Rule.Horizon} updates, limits {Rule.PostNormLimit} and {Rule.PreNormLimit}, "
                + $"powers {Rule.WarmUpPower} of the warm-up and {Rule.SimilarityPower} of the similarity.\n\n"
                + $"| trainings | how many | trained | right | not near the limit | right of these "
                + $"|\n|---|---|---|---|---|---|\n"
        );
        foreach (var rate in Rates)
        {
            text.Append(
                CultureInfo.InvariantCulture,
                $"| {rate.Source} | {rate.Trainings} | {rate.Trained} | {rate.Hits} "
                    + $"({(double)rate.Hits / rate.Trainings:0.0 %}) | {rate.Clear} | {rate.ClearHits} |\n"
            );
        }

        return text.ToString();
    }

    /// <summary>
    /// <c>ln(P / (1 - P)) = k (ln L + w ln W + q ln(1 - s) - ln c)</c> with c the change and W the warm-up: the weights
    /// of a logistic regression over that of the change are the rule's numbers.
    /// </summary>
    private static PredictionRule RuleOf(IReadOnlyList<(KnownTraining Known, TrainingSigns Signs)> trainings)
    {
        var weights = LogisticFit.Of([
            .. trainings.Select(training =>
                (
                    new[]
                    {
                        1.0,
                        PredictionRule.IsPreNorm(training.Known.Encoder) ? 1 : 0,
                        Math.Log(PredictionRule.WarmUp(training.Signs)),
                        Math.Log(PredictionRule.Distance(training.Signs)),
                        Math.Log(training.Signs.Amplification * training.Signs.PeakStep * training.Signs.PeakStep),
                    },
                    training.Known.Trained
                )
            ),
        ]);
        var slope = -weights[4];
        return new PredictionRule(
            PredictionRule.Fitted.Horizon,
            TwoDigits(Math.Exp(weights[0] / slope)),
            TwoDigits(Math.Exp((weights[0] + weights[1]) / slope)),
            TwoDigits(weights[2] / slope),
            TwoDigits(weights[3] / slope)
        );
    }

    private static double TwoDigits(double value) =>
        double.Parse(value.ToString("g2", CultureInfo.InvariantCulture), CultureInfo.InvariantCulture);

    private static string Stack(StackOptions stack) =>
        string.Create(CultureInfo.InvariantCulture, $"{stack.Layers} {stack.Variant.Key()}");

    private static string Word(bool trains) => trains ? "yes" : "no";
}
