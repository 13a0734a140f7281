using TransformerClinic.Common;
using TransformerClinic.Diagnosis.Findings;

namespace TransformerClinic.Tests.Diagnosis.Findings;

public class SpikeScoreTests
{
    [Fact]
    public void A_point_seven_deviations_from_the_mean_of_those_before_it_is_a_spike()
    {
        var losses = Noise(200);
        losses[150] += 20;
        var norms = Noise(200);
        (norms[60], norms[100]) = (norms[60] - 20, double.NaN);

        var score = SpikeScore.Of(Curve(losses, norms))!;

        Assert.Equal((180, 1 / 180.0, 2 / 180.0), (score.Points, score.Loss, score.GradientNorm));
        Assert.Equal([1510], score.LossSpikes);
        Assert.Equal([610, 1010], score.GradientNormSpikes);
    }

    [Theory]
    [InlineData(6.9, 0)]
    [InlineData(7.1, 1)]
    public void The_limit_is_seven_deviations_of_the_last_1000_points(double deviations, int spikes)
    {
        // What is further back is large, and would hide any spike if it counted.
        double[] losses = [.. Enumerable.Repeat(0.0, 50).Select((_, i) => i % 2 * 1e6), .. Noise(1001)];
        double[] window = losses[^1001..^1];
        var mean = window.Average();
        var deviation = Math.Sqrt(window.Average(value => (value - mean) * (value - mean)));
        losses[^1] = mean + (deviations * deviation);

        var score = SpikeScore.Of(Curve(losses, losses))!;

        Assert.Equal(spikes, score.LossSpikes.Count(step => step == 10 * (losses.Length)));
    }

    [Fact]
    public void A_steady_fall_has_none_and_a_log_too_short_is_not_judged()
    {
        double[] fall = [.. Enumerable.Range(0, 150).Select(i => 8 - (0.03 * i))];

        Assert.Empty(SpikeScore.Of(Curve(fall, fall))!.LossSpikes);
        Assert.Null(SpikeScore.Of(Curve(fall[..20], fall[..20])));
        Assert.Equal(1, SpikeScore.Of(Curve(fall[..21], fall[..21]))!.Points);
    }

    private static double[] Noise(int count) =>
        [.. Enumerable.Range(0, count).Select(i => 3 + (CounterRandom.At(1, "noise", i) / (double)ulong.MaxValue))];

    private static LearningCurve Curve(double[] losses, double[] norms) =>
        new()
        {
            Train =
            [
                .. losses.Select(
                    (nll, i) =>
                        new TrainPoint
                        {
                            Step = 10 * (i + 1),
                            Loss = nll,
                            Nll = nll,
                            LearningRate = 1e-3,
                            GradientNorm = norms[i],
                            TokensPerSecond = 1,
                        }
                ),
            ],
        };
}
