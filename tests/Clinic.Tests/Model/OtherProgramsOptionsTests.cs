using TorchSharp;
using TransformerClinic.Data;
using TransformerClinic.Model;
using TransformerClinic.Tests.TestSupport;
using TransformerClinic.Training;
using TransformerClinic.Training.Distributed;
using TransformerClinic.Training.Loss;
using static TorchSharp.torch;

namespace TransformerClinic.Tests.Model;

/// <summary>The equations of output bias, with words that it rules out, zero start, positions and swish.</summary>
public sealed class OtherProgramsOptionsTests
{
    [Theory]
    [InlineData(PositionFormula.Fairseq, 2, 7)]
    [InlineData(PositionFormula.Marian, 0, 7)]
    [InlineData(PositionFormula.HuggingFace, 0, 8)]
    public void Positions_are_the_equation(PositionFormula formula, int first, int steps)
    {
        using var positions = new SinusoidalPositions(40, 16, formula);
        var table = positions.OfTokens(ones(1, 40, ScalarType.Int64).mul(5), padding: 1)[0].data<float>().ToArray();
        for (var position = 0; position < 40; position++)
        {
            for (var i = 0; i < 8; i++)
            {
                var angle = (position + first) * Math.Pow(10000, -(double)i / steps);
                Assert.Equal(Math.Sin(angle), table[(position * 16) + i], 1e-5);
                Assert.Equal(Math.Cos(angle), table[(position * 16) + 8 + i], 1e-5);
            }
        }

        Assert.Equal(table[(3 * 16)..(4 * 16)], positions.AtStep(3).data<float>().ToArray());
    }

    [Fact]
    public void With_zero_start_the_decoder_reads_its_first_position_and_nothing_else()
    {
        using var scope = NewDisposeScope();
        using var model = SmallModel.Create(SmallModel.Options() with { ZeroStart = true });
        model.to(ScalarType.Float64);
        var tokens = SmallModel.Tokens(2, 4, 1);

        var read = model.Embed(tokens, model.Embeddings.Target, zeroStart: true);

        var positions = model.Positions.Table.narrow(0, SinusoidalPositions.FirstRow, 4);
        var expected = (model.Embeddings.Target.index_select(0, tokens.flatten()).view(2, 4, 16) * 4) + positions;
        expected.select(1, 0).copy_(positions[0]);
        Assert.InRange((expected - read).abs().max().item<double>(), 0, 1e-14);
    }

    [Fact]
    public void With_zero_start_it_does_not_matter_which_token_decoding_starts_from()
    {
        using var scope = NewDisposeScope();
        using var model = SmallModel.Create(SmallModel.Options() with { ZeroStart = true });
        var (source, output) = (SmallModel.Tokens(2, 3, 1), SmallModel.Tokens(2, 4, 2));
        var other = output.clone();
        other.select(1, 0).fill_(7);

        Assert.Equal(0, (model.Forward(source, output) - model.Forward(source, other)).abs().max().item<float>());
    }

    [Fact]
    public void The_output_bias_is_added_to_the_logits()
    {
        using var scope = NewDisposeScope();
        using var model = SmallModel.Create(SmallModel.Options() with { OutputBias = true });
        model.to(ScalarType.Float64);
        var (source, output) = (SmallModel.Tokens(2, 3, 1), SmallModel.Tokens(2, 4, 2));
        var plain = model.Forward(source, output);
        using var noGradient = no_grad();
        var bias = randn(SmallModel.Words, ScalarType.Float64);
        model.Embeddings.OutputBias!.copy_(bias);

        Assert.InRange((model.Forward(source, output) - plain - bias).abs().max().item<double>(), 0, 1e-13);
    }

    [Fact]
    public void Swish_is_the_equation_in_libtorch_and_in_the_kernel()
    {
        using var scope = NewDisposeScope();
        using var model = SmallModel.Create(SmallModel.Options() with { Activation = Activation.Swish });
        model.to(ScalarType.Float64);
        var branch = (FeedForward)model.Encoder.Layers[0].FeedForward.Branch;
        var x = randn([5, 16], ScalarType.Float64) * 4;
        var hidden = nn.functional.linear(x, branch.Inner.Weight, branch.Inner.Bias);
        var expected = nn.functional.linear(hidden / (1 + (-hidden).exp()), branch.Outer.Weight, branch.Outer.Bias);

        Assert.InRange((expected - branch.forward(x)).abs().max().item<double>(), 0, 1e-13);
    }

    [Theory]
    [InlineData(ScalarType.Float32)]
    [InlineData(ScalarType.Float64)]
    [InlineData(ScalarType.BFloat16)]
    public void A_word_that_is_ruled_out_is_not_in_the_vocabulary_of_the_loss(ScalarType type)
    {
        using var scope = NewDisposeScope();
        using var random = new Generator(3, CPU);
        long[] words =
        [
            .. Enumerable.Range(0, SmallModel.Words).Select(word => (long)word).Except(OtherProgramsModel.RuledOut),
        ];
        var logits = (randn([6, SmallModel.Words], generator: random) * 3).to(type);
        var kept = logits.index_select(1, words).to(ScalarType.Float64).requires_grad_();
        var ruledOut = zeros(SmallModel.Words, ScalarType.Bool)
            .index_fill_(0, tensor(OtherProgramsModel.RuledOut), true);
        logits = logits.masked_fill(ruledOut, float.NegativeInfinity);
        var targets = randint(0, words.Length, [6], dtype: ScalarType.Int64, generator: random);
        var expected = nn.functional.cross_entropy(kept, targets, reduction: nn.Reduction.Sum, label_smoothing: 0.3);
        expected.backward();

        var loss = LabelSmoothedCrossEntropy.Evaluate(
            logits,
            tensor(words).index_select(0, targets),
            0.3,
            withGradient: true,
            ruledOut
        );

        Assert.Equal(expected.item<double>(), loss.Loss, type == ScalarType.Float64 ? 1e-11 : 1e-4);
        var gradient = loss.Gradient!.to(ScalarType.Float64);
        Assert.Equal(0, gradient.index_select(1, tensor(OtherProgramsModel.RuledOut)).abs().max().item<double>());
        Assert.InRange(
            (gradient.index_select(1, tensor(words)) - kept.grad!).abs().max().item<double>(),
            0,
            type == ScalarType.BFloat16 ? 4e-3 : 1e-6
        );
    }

    [Fact]
    public void The_bias_has_autograds_gradient_and_none_where_a_word_is_ruled_out()
    {
        using var scope = NewDisposeScope();
        using var replicas = new ModelReplicas(() => OtherProgramsModel.Create(), workers: 1, CPU);
        var batch = new TokenBatches(OtherProgramsModel.Examples(20, seed: 1), 200).Make([0, 1, 2]);
        var model = replicas.Model;
        replicas.AddGradients(batch, smoothing: 0.1, _ => 5);
        var found = model.Embeddings.OutputBias!.grad!.clone();
        replicas.Parameters.ZeroGradients();

        var tokens = TensorBatch.Of(batch, CPU);
        model.Dropout.Begin(5);
        long[] words =
        [
            .. Enumerable.Range(0, SmallModel.Words).Select(word => (long)word).Except(OtherProgramsModel.RuledOut),
        ];
        var logits = ModelReplicas.Logits(model, tokens).index_select(1, words);
        var targets = tokens.Targets.data<long>().Select(word => (long)Array.IndexOf(words, word)).ToArray();
        nn.functional.cross_entropy(logits, targets, reduction: nn.Reduction.Sum, label_smoothing: 0.1).backward();
        model.Dropout.End();

        Assert.All(OtherProgramsModel.RuledOut, word => Assert.Equal(0, found[word].item<float>()));
        Assert.True(found.abs().max().item<float>() > 0.1);
        Assert.InRange((model.Embeddings.OutputBias!.grad! - found).abs().max().item<float>(), 0, 1e-4);
    }
}
