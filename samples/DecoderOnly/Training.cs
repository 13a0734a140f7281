using Samples.Comparison;
using TransformerClinic.Residuals;
using static TorchSharp.torch;

namespace Samples.DecoderOnly;

/// <summary>A training loop as people write it.</summary>
internal static class Training
{
    private const int Length = 32;
    private const int BatchSize = 16;
    private const int HeldOutWindows = 128;

    public static IEnumerable<LossPoint> Run(HelpText text, SampleOptions options, bool admin)
    {
        using var everything = NewDisposeScope();
        random.manual_seed(options.Seed);
        var order = new Random(options.Seed);
        var heldOut = Windows(text.HeldOut, HeldOutWindows, new Random(0));
        using var model = new LanguageModel(text.Kinds, Length, options, admin);
        var optimizer = optim.Adam(model.parameters(), options.LearningRate);
        var schedule = optim.lr_scheduler.LambdaLR(optimizer, update => Math.Min(1, (update + 1.0) / options.WarmUp));

        if (admin && options.Remedy == SampleOptions.Admin)
        {
            var batch = Windows(text.Training, BatchSize, new Random(options.Seed));
            AdminProfiler.Run(model, () => model.forward(batch.narrow(1, 0, Length))); // added
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
            optimizer.zero_grad();
            var loss = Loss(Windows(text.Training, BatchSize, order));
            loss.backward();
            optimizer.step();
            schedule.step();
            return loss.item<float>();
        }

        double HeldOutLoss()
        {
            using var scope = NewDisposeScope();
            using var noGradient = no_grad();
            return Loss(heldOut).item<float>();
        }

        Tensor Loss(Tensor windows) =>
            nn.functional.cross_entropy(
                model.forward(windows.narrow(1, 0, Length)).flatten(0, 1),
                windows.narrow(1, 1, Length).flatten()
            );
    }

    /// <summary>Pieces from anywhere in the text, <c>[count, Length + 1]</c>.</summary>
    private static Tensor Windows(long[] text, int count, Random random)
    {
        var windows = Enumerable
            .Range(0, count)
            .Select(_ => random.Next(text.Length - Length))
            .SelectMany(start => text.AsSpan(start, Length + 1).ToArray());
        return tensor(windows.ToArray(), [count, Length + 1]);
    }
}
