using TorchSharp;
using TransformerClinic.Model;
using TransformerClinic.Residuals;
using TransformerClinic.Text;
using static TorchSharp.torch;

namespace TransformerClinic.Tests.Model;

public sealed class IncrementalDecodingTests
{
    private const int Words = 23;

    // The second source is padded; decoding starts from the end mark.
    private static readonly long[,] Sources =
    {
        { 5, 9, 14, 7, 2 },
        { 20, 11, 2, 1, 1 },
    };
    private static readonly long[,] Outputs =
    {
        { 2, 8, 4, 8, 19, 6 },
        { 2, 22, 10, 5, 5, 12 },
    };

    public static TheoryData<ResidualVariant> Variants => [.. Enum.GetValues<ResidualVariant>()];

    [Theory]
    [MemberData(nameof(Variants))]
    public void A_step_gives_the_logits_of_the_whole_forward_pass_at_that_position(ResidualVariant variant)
    {
        using var scope = NewDisposeScope();
        using var noGradient = no_grad();
        var model = Model(variant);
        var (source, output) = (tensor(Sources), tensor(Outputs));
        var whole = model.Forward(source, output);

        using var cache = model.StartDecoding(model.Encode(source));
        for (var step = 0; step < output.shape[1]; step++)
        {
            Assert.Equal(step, cache.Step);
            AssertClose(whole.select(1, step), model.DecodeStep(output.narrow(1, step, 1), cache).squeeze(1));
        }
    }

    [Theory]
    [MemberData(nameof(Variants))]
    public void Hypotheses_that_reorder_and_sources_that_leave_see_their_own_past_alone(ResidualVariant variant)
    {
        using var scope = NewDisposeScope();
        using var noGradient = no_grad();
        var model = Model(variant);
        using var cache = model.StartDecoding(model.Encode(tensor(Sources)));
        var random = new Random(7);
        long[] sources = [0, 1];
        var prefixes = sources.Select(_ => new List<long[]> { new long[] { Vocabulary.EndOfSentence } }).ToList();

        // More positions than the cache reserves at first, so that it has to grow.
        for (var step = 0; step < 20; step++)
        {
            var width = prefixes[0].Count;
            var newest = prefixes.SelectMany(beam => beam).Select(prefix => prefix[^1]).ToArray();
            var logits = model.DecodeStep(tensor(newest, [sources.Length, width]), cache);
            for (var row = 0; row < sources.Length; row++)
            {
                var source = tensor(Sources).narrow(0, sources[row], 1).expand(width, -1);
                var prefix = tensor(prefixes[row].SelectMany(ids => ids).ToArray(), [width, step + 1]);
                AssertClose(model.Forward(source, prefix).select(1, step), logits[row]);
            }

            if (step == 9)
            {
                cache.KeepSources(tensor(new long[] { 1 }));
                sources = [1];
                prefixes.RemoveAt(0);
            }

            var parents = prefixes
                .Select(beam => Enumerable.Range(0, 3).Select(_ => (long)random.Next(beam.Count)).ToArray())
                .ToList();
            cache.Reorder(tensor(parents.SelectMany(row => row).ToArray(), [sources.Length, 3]));
            prefixes =
            [
                .. prefixes.Zip(
                    parents,
                    (beam, row) =>
                        row.Select(parent => (long[])[.. beam[(int)parent], random.Next(Vocabulary.Marks, Words)])
                            .ToList()
                ),
            ];
        }
    }

    [Fact]
    public void A_step_with_a_number_of_hypotheses_that_the_cache_does_not_know_is_refused()
    {
        using var scope = NewDisposeScope();
        using var noGradient = no_grad();
        var model = Model(ResidualVariant.PostLn);
        using var cache = model.StartDecoding(model.Encode(tensor(Sources)));

        var exception = Assert.Throws<ArgumentException>(() =>
            model.DecodeStep(
                tensor(
                    new long[,]
                    {
                        { 2, 2 },
                        { 2, 2 },
                    }
                ),
                cache
            )
        );

        Assert.Contains("1 hypotheses", exception.Message, StringComparison.Ordinal);
    }

    private static Transformer Model(ResidualVariant variant)
    {
        var stack = new StackOptions { Layers = 2, Variant = variant };
        var options = new ModelOptions
        {
            Encoder = stack,
            Decoder = stack,
            Dim = 12,
            Heads = 3,
            FeedForwardDim = 16,
            MaxPositions = 32,
        };
        var model = new Transformer(options, Words, Vocabulary.Pad, seed: 3);
        foreach (var (name, parameter) in model.named_parameters())
        {
            // Initial norms, biases and omegas are ones and zeros, which would hide a wrong use of them.
            parameter.add_(randn(parameter.shape) * 0.2);
        }

        model.to(ScalarType.Float64);
        return model;
    }

    private static void AssertClose(Tensor expected, Tensor actual)
    {
        Assert.Equal(expected.shape, actual.shape);
        Assert.InRange((expected - actual).abs().max().item<double>(), 0, 1e-10);
    }
}
