using TorchSharp;
using TransformerClinic.Data;
using TransformerClinic.Decoding;
using TransformerClinic.Decoding.Packed;
using TransformerClinic.Decoding.Search;
using TransformerClinic.Diagnosis;
using TransformerClinic.Diagnosis.Findings;
using TransformerClinic.Files;
using TransformerClinic.Folding;
using TransformerClinic.Interop.Safetensors;
using TransformerClinic.Model;
using TransformerClinic.Residuals;
using TransformerClinic.Tests.TestSupport;
using TransformerClinic.Text;
using TransformerClinic.Training;
using TransformerClinic.Training.Checkpoints;
using TransformerClinic.Training.Distributed;
using TransformerClinic.Training.Loss;
using TransformerClinic.Training.Optimizers;
using TransformerClinic.Training.Schedules;
using static TorchSharp.torch;
using Transformer = TransformerClinic.Model.Transformer;

namespace TransformerClinic.Tests.Model;

/// <summary>
/// The options that other programs' models need: output bias, with words that it rules out; zero start; positions; swish.
/// </summary>
[Trait("Speed", "Slow")]
public sealed class OtherProgramsOptionsTests : IDisposable
{
    private const int End = Vocabulary.EndOfSentence;

    // Words that the output bias rules out; the reversal's text does not have them.
    private static readonly long[] RuledOut = [0, 3, 19];

    private static readonly int[][] Sources =
    [
        [4, 5, 6, End],
        [10, 9, 8, 7, End],
        [7, End],
    ];

    private static readonly ModelOptions All = SmallModel.Options(ResidualVariant.PostLn) with
    {
        Activation = Activation.Swish,
        OutputBias = true,
        ZeroStart = true,
        Positions = PositionFormula.Marian,
    };

    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

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
        long[] words = [.. Enumerable.Range(0, SmallModel.Words).Select(word => (long)word).Except(RuledOut)];
        var logits = (randn([6, SmallModel.Words], generator: random) * 3).to(type);
        var kept = logits.index_select(1, words).to(ScalarType.Float64).requires_grad_();
        var ruledOut = zeros(SmallModel.Words, ScalarType.Bool).index_fill_(0, tensor(RuledOut), true);
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
        Assert.Equal(0, gradient.index_select(1, tensor(RuledOut)).abs().max().item<double>());
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
        using var replicas = new ModelReplicas(() => Model(), workers: 1, CPU);
        var batch = new TokenBatches(Examples(20, seed: 1), 200).Make([0, 1, 2]);
        var model = replicas.Model;
        replicas.AddGradients(batch, smoothing: 0.1, _ => 5);
        var found = model.Embeddings.OutputBias!.grad!.clone();
        replicas.Parameters.ZeroGradients();

        var tokens = TensorBatch.Of(batch, CPU);
        model.Dropout.Begin(5);
        long[] words = [.. Enumerable.Range(0, SmallModel.Words).Select(word => (long)word).Except(RuledOut)];
        var logits = ModelReplicas.Logits(model, tokens).index_select(1, words);
        var targets = tokens.Targets.data<long>().Select(word => (long)Array.IndexOf(words, word)).ToArray();
        nn.functional.cross_entropy(logits, targets, reduction: nn.Reduction.Sum, label_smoothing: 0.1).backward();
        model.Dropout.End();

        Assert.All(RuledOut, word => Assert.Equal(0, found[word].item<float>()));
        Assert.True(found.abs().max().item<float>() > 0.1);
        Assert.InRange((model.Embeddings.OutputBias!.grad! - found).abs().max().item<float>(), 0, 1e-4);
    }

    [Theory]
    [InlineData(DecodingPrecision.Fp32)]
    [InlineData(DecodingPrecision.Int8)]
    [InlineData(DecodingPrecision.Bf16)]
    public void It_decodes_packed_and_never_says_a_word_that_is_ruled_out(DecodingPrecision precision)
    {
        using var scope = NewDisposeScope();
        for (var seed = 1; seed < 6; seed++)
        {
            using var model = Model(seed);
            var options = new DecodingOptions
            {
                Beam = 4,
                MaxLengthB = 12,
                Precision = precision,
            };
            var plain = BeamSearch.Plain(model, options).Search(Sources, TestContext.Current.CancellationToken);
            var found = new BeamSearch(model, options).Search(Sources, TestContext.Current.CancellationToken);

            Assert.True(PackedTransformer.Serves(model));
            Assert.All(
                plain.Concat(found).SelectMany(all => all),
                hypothesis => Assert.Empty(hypothesis.Tokens.Select(token => (long)token).Intersect(RuledOut))
            );
            if (precision == DecodingPrecision.Fp32)
            {
                foreach (var (expected, actual) in plain.SelectMany(all => all).Zip(found.SelectMany(all => all)))
                {
                    Assert.Equal(expected.Tokens, actual.Tokens);
                    Assert.Equal(expected.Score, actual.Score, 1e-4);
                }
            }
        }
    }

    [Theory]
    [InlineData(DecodingPrecision.Fp32, 1e-4)]
    [InlineData(DecodingPrecision.Int8, 0.2)]
    public void Its_packed_logits_are_libtorchs(DecodingPrecision precision, double tolerance)
    {
        using var scope = NewDisposeScope();
        using var inference = inference_mode();
        using var model = Model();
        using var packed = new PackedTransformer(model, precision).Start(Sources);
        using var plain = new TensorModel(model).Start(Sources);
        foreach (var token in (int[])[End, 5, 9, 4, 4])
        {
            int[] tokens = [token, token, token];
            var (expected, found) = (plain.Logits(tokens, 1), packed.Logits(tokens, 1));
            var infinite = expected.isneginf();
            Assert.Equal(RuledOut.Length * 3, infinite.sum().item<long>());
            Assert.True(infinite.eq(found.isneginf()).all().item<bool>());
            Assert.InRange((expected - found).masked_fill(infinite, 0).abs().max().item<float>(), 0, tolerance);
        }
    }

    [Theory]
    [InlineData(OptimizerName.Radam, 0.01)]
    [InlineData(OptimizerName.Sgd, 0)]
    [InlineData(OptimizerName.Sgd, 0.01)]
    public void It_trains_and_resumes_with_the_same_bits(OptimizerName optimizer, double decay)
    {
        var options = new TrainingOptions
        {
            MaxUpdates = 60,
            TokensPerBatch = 200,
            LabelSmoothing = 0.1,
            Ema = 0.9,
            Optimizer = new OptimizerOptions
            {
                Name = optimizer,
                WeightDecay = decay,
                Momentum = 0.5,
            },
            Schedule = new ScheduleOptions { LearningRate = 5e-3, WarmUpUpdates = 5 },
        };
        var store = new CheckpointStore(_folder.FullName);
        float[] whole;
        using (var replicas = new ModelReplicas(() => Model(), workers: 2, CPU, recompute: true))
        using (var trainer = Trainer(replicas, options))
        {
            var untrained = trainer.Validate().Nll;
            Train(trainer, 30);
            store.Save(trainer, replicas.Model, validationLoss: null);
            Train(trainer, 10);
            Assert.InRange(trainer.Validate().Nll, 0, untrained - (optimizer == OptimizerName.Sgd ? 1e-3 : 0.2));
            AssertRuledOut(replicas.Model);
            whole = Bits(trainer);
        }

        using var others = new ModelReplicas(() => Model(seed: 2), workers: 2, CPU);
        using var resumed = Trainer(others, options);
        store.Resume(resumed, others.Model, (folder, reason, _) => Assert.Fail($"{folder}: {reason}"));
        Train(resumed, 10);
        Assert.Equal(whole, Bits(resumed));
        Assert.DoesNotContain(whole, float.IsNaN);

        // The moving average of the weights, and the mean of checkpoints.
        var folders = CheckpointStore.In(_folder.FullName);
        using var average = Model(seed: 3);
        CheckpointAverage.PutInto(average, [folders[0].ModelPath, folders[0].WeightsPath]);
        AssertRuledOut(average);
    }

    [Fact]
    public void The_guard_takes_a_word_that_is_ruled_out_for_no_fault_and_finds_one_next_to_it()
    {
        using var model = Model();
        using var parameters = new FlatParameters(model);
        Assert.Null(TransformerClinic.Training.Divergence.FaultSearch.NotFinite(parameters, parameters.Values));
        using (no_grad())
        {
            model.Embeddings.OutputBias![5].fill_(float.NaN);
        }

        Assert.Equal(
            "the output projection (embeddings.output_bias, 1 values)",
            TransformerClinic.Training.Divergence.FaultSearch.NotFinite(parameters, parameters.Values)
        );
    }

    [Fact]
    public void It_folds_and_the_logits_stay()
    {
        using var scope = NewDisposeScope();
        var stack = new StackOptions { Layers = 2, Variant = ResidualVariant.Admin };
        using var model = Model(options: All with { Encoder = stack, Decoder = stack });
        model.to(ScalarType.Float64);

        var (folded, _) = ResidualFolding.Fold(model);
        using var owned = folded;

        AssertRuledOut(folded);
        var (source, output) = (SmallModel.Tokens(2, 4, 1), SmallModel.Tokens(2, 5, 2));
        var (before, after) = (model.Forward(source, output), folded.Forward(source, output));
        var difference = (before - after).masked_fill(before.isneginf(), 0);
        Assert.InRange(difference.abs().max().item<double>(), 0, 1e-12);
    }

    [Fact]
    public void Its_outputs_are_scored_and_a_word_that_is_ruled_out_is_impossible()
    {
        using var model = Model();
        var score = new ForcedScoring([model]).Score([new ParallelExample([4, 5, End], [6, 19, End])])[0];

        Assert.True(float.IsNegativeInfinity(score.TokenLogProbabilities[1]));
        Assert.True(float.IsFinite(score.TokenLogProbabilities[0]));
        Assert.True(float.IsFinite(score.TokenLogProbabilities[2]));
    }

    [Fact]
    public void It_is_diagnosed_with_finite_numbers()
    {
        var subject = new DiagnosisSubject(
            "small",
            All,
            [1],
            Examples(200, seed: 1),
            SmallModel.Words,
            new TrainingOptions { TokensPerBatch = 200 },
            Load: null
        );
        Examination.Of(subject, 1, perturbations: 1);
        using var scope = NewDisposeScope();
        using var model = Model();
        model.to(ScalarType.Float64);
        using var probe = new Probe(subject.Batches(1, 1)[0], 0.1);
        var balance = GradientBalance.Measure(model, probe.Input, probe.Backward);
        using var snapshot = new WeightSnapshot(model);
        using (no_grad())
        {
            model.Embeddings.OutputBias![5].add_(1);
        }

        Assert.All(balance.Parameters, parameter => Assert.True(double.IsFinite(parameter.Norm)));
        Assert.Equal(1, snapshot.Changes().Single(parameter => parameter.Name == "embeddings.output_bias").Norm, 1e-12);
        using var steps = WeightPerturbation.RandomSigns(model, 1);
        var change = ModelOutputChange.Measure(model, probe.Input, steps);
        Assert.All(change.Decoder.Changes, value => Assert.True(double.IsFinite(value)));
    }

    [Fact]
    public void Defaults_add_no_parameter_and_no_key_to_a_models_configuration()
    {
        using var plain = SmallModel.Create();
        Assert.DoesNotContain(
            plain.named_parameters(),
            entry => entry.name.Contains("output_bias", StringComparison.Ordinal)
        );
        var json = Json.Line(SmallModel.Options());
        Assert.All(
            (string[])["outputBias", "zeroStart", "positions"],
            key => Assert.DoesNotContain($"\"{key}\"", json, StringComparison.Ordinal)
        );
        Assert.Equal(All, Json.FromLine<ModelOptions>(Json.Line(All)));
    }

    [Fact]
    public void Weights_with_words_that_are_ruled_out_are_written_and_read()
    {
        using var model = Model();
        var path = _folder.PathOf("model.safetensors");
        using (var stream = File.Create(path))
        {
            ModuleWeights.Write(stream, model);
        }

        using var other = SmallModel.Create(All, seed: 9);
        using var file = SafetensorsFile.Open(path);
        ModuleWeights.Read(file, path, other);
        AssertRuledOut(other);
    }

    /// <summary>All four options; words ruled out; normalizations and biases are not what they are drawn as.</summary>
    private static Transformer Model(long seed = 1, ModelOptions? options = null)
    {
        var model = SmallModel.Create(options ?? All, seed);
        using var noGradient = no_grad();
        using var scope = NewDisposeScope();
        using var generator = new Generator((ulong)seed);
        foreach (var (_, parameter) in model.named_parameters().Where(entry => entry.parameter.dim() == 1))
        {
            parameter.add_(randn(parameter.shape, generator: generator) * 0.2);
        }

        model.Embeddings.OutputBias!.index_fill_(0, tensor(RuledOut), float.NegativeInfinity);
        return model;
    }

    private static IReadOnlyList<ParallelExample> Examples(int count, long seed) =>
        [.. Reversal.Examples(count, seed).Where(example => !example.Target.Contains(19))];

    private static void AssertRuledOut(Transformer model)
    {
        var infinite = model.Embeddings.RuledOut()!;
        Assert.Equal(RuledOut, infinite.nonzero().data<long>().ToArray());
        Assert.All(
            model.named_parameters(),
            entry => Assert.False(entry.parameter.isnan().any().item<bool>(), entry.name)
        );
    }

    private static Trainer Trainer(ModelReplicas replicas, TrainingOptions options) =>
        new(
            replicas,
            new TokenBatches(Examples(500, seed: 1), options.TokensPerBatch),
            new TokenBatches(Examples(50, seed: 2), options.TokensPerBatch),
            options,
            seed: 1
        );

    private static void Train(Trainer trainer, int updates)
    {
        for (var i = 0; i < updates; i++)
        {
            Assert.False(trainer.Update().Skipped);
        }
    }

    private static float[] Bits(Trainer trainer) => trainer.Parameters.Values.data<float>().ToArray();
}
