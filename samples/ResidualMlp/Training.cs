using Samples.Comparison;
using TransformerClinic.Residuals;
using static TorchSharp.torch;

namespace Samples.ResidualMlp;

/// <summary>A training loop as people write it.</summary>
internal static class Training
{
    private const int BatchSize = 64;
    private const int TrainingImages = 20_000;
    private const int HeldOutImages = 2_000;

    public static IEnumerable<LossPoint> Run(SampleOptions options, bool admin)
    {
        using var everything = NewDisposeScope();
        random.manual_seed(options.Seed);
        var order = new Random(options.Seed);
        var (images, digits) = StrokeDigits.Draw(TrainingImages, seed: 1);
        var (heldOutImages, heldOutDigits) = StrokeDigits.Draw(HeldOutImages, seed: 2);
        using var network = new Network(options, admin);
        var optimizer = optim.Adam(network.parameters(), options.LearningRate);
        var schedule = optim.lr_scheduler.LambdaLR(optimizer, update => Math.Min(1, (update + 1.0) / options.WarmUp));

        if (admin)
        {
            AdminProfiler.Run(network, () => network.forward(images.narrow(0, 0, BatchSize))); // added
        }

        var (sum, since) = (0.0, 0);
        for (var update = 1; update <= options.Updates; update++)
        {
            sum += Update();
            since++;
            if (update % Math.Max(1, options.Updates / 20) == 0)
            {
                yield return new LossPoint(update, sum / since, HeldOutLoss());
                (sum, since) = (0, 0);
            }
        }

        double Update()
        {
            using var scope = NewDisposeScope();
            var batch = tensor(Enumerable.Range(0, BatchSize).Select(_ => order.NextInt64(TrainingImages)).ToArray());
            optimizer.zero_grad();
            var loss = nn.functional.cross_entropy(network.forward(images[batch]), digits[batch]);
            loss.backward();
            optimizer.step();
            schedule.step();
            return loss.item<float>();
        }

        double HeldOutLoss()
        {
            using var scope = NewDisposeScope();
            using var noGradient = no_grad();
            return nn.functional.cross_entropy(network.forward(heldOutImages), heldOutDigits).item<float>();
        }
    }
}
