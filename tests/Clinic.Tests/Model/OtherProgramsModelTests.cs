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
using TransformerClinic.Training.Optimizers;
using TransformerClinic.Training.Schedules;
using static TorchSharp.torch;

namespace TransformerClinic.Tests.Model;

/// <summary>Everything that the engine does with a model, with the options that other programs' models need.</summary>
[Trait("Speed", "Slow")]
public sealed class OtherProgramsModelTests : IDisposable
{
    private const int End = Vocabulary.EndOfSentence;

    private static readonly int[][] Sources =
    [
        [4, 5, 6, End],
        [10, 9, 8, 7, End],
        [7, End],
    ];

    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData(DecodingPrecision.Fp32)]
    [InlineData(DecodingPrecision.Int8)]
    [InlineData(DecodingPrecision.Bf16)]
    public void It_decodes_packed_and_never_says_a_word_that_is_ruled_out(DecodingPrecision precision)
    {
        using var scope = NewDisposeScope();
        for (var seed = 1; seed < 6; seed++)
        {
            using var model = OtherProgramsModel.Create(seed);
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
                hypothesis =>
                    Assert.Empty(hypothesis.Tokens.Select(token => (long)token).Intersect(OtherProgramsModel.RuledOut))
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
        using var model = OtherProgramsModel.Create();
        using var packed = new PackedTransformer(model, precision).Start(Sources);
        using var plain = new TensorModel(model).Start(Sources);
        foreach (var token in (int[])[End, 5, 9, 4, 4])
        {
            int[] tokens = [token, token, token];
            var (expected, found) = (plain.Logits(tokens, 1), packed.Logits(tokens, 1));
            var infinite = expected.isneginf();
            Assert.Equal(OtherProgramsModel.RuledOut.Length * 3, infinite.sum().item<long>());
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
        using (var replicas = new ModelReplicas(() => OtherProgramsModel.Create(), workers: 2, CPU, recompute: true))
        using (var trainer = Trainer(replicas, options))
        {
            var untrained = trainer.Validate().Nll;
            Train(trainer, 30);
            store.Save(trainer, replicas.Model, validationLoss: null);
            Train(trainer, 10);
            Assert.InRange(trainer.Validate().Nll, 0, untrained - (optimizer == OptimizerName.Sgd ? 1e-3 : 0.2));
            OtherProgramsModel.AssertRuledOut(replicas.Model);
            whole = Bits(trainer);
        }

        using var others = new ModelReplicas(() => OtherProgramsModel.Create(seed: 2), workers: 2, CPU);
        using var resumed = Trainer(others, options);
        store.Newest((folder, reason, _) => Assert.Fail($"{folder}: {reason}"))!.PutInto(resumed, others.Model);
        Train(resumed, 10);
        Assert.Equal(whole, Bits(resumed));
        Assert.DoesNotContain(whole, float.IsNaN);

        // The moving average of the weights, and the mean of checkpoints.
        var folders = CheckpointStore.In(_folder.FullName);
        using var average = OtherProgramsModel.Create(seed: 3);
        CheckpointAverage.PutInto(average, [folders[0].ModelPath, folders[0].WeightsPath]);
        OtherProgramsModel.AssertRuledOut(average);
    }

    [Fact]
    public void The_guard_takes_a_word_that_is_ruled_out_for_no_fault_and_finds_one_next_to_it()
    {
        using var model = OtherProgramsModel.Create();
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
        using var model = OtherProgramsModel.Create(
            options: OtherProgramsModel.All with
            {
                Encoder = stack,
                Decoder = stack,
            }
        );
        model.to(ScalarType.Float64);

        var (folded, _) = ResidualFolding.Fold(model);
        using var owned = folded;

        OtherProgramsModel.AssertRuledOut(folded);
        var (source, output) = (SmallModel.Tokens(2, 4, 1), SmallModel.Tokens(2, 5, 2));
        var (before, after) = (model.Forward(source, output), folded.Forward(source, output));
        var difference = (before - after).masked_fill(before.isneginf(), 0);
        Assert.InRange(difference.abs().max().item<double>(), 0, 1e-12);
    }

    [Fact]
    public void Its_outputs_are_scored_and_a_word_that_is_ruled_out_is_impossible()
    {
        using var model = OtherProgramsModel.Create();
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
            OtherProgramsModel.All,
            [1],
            new HeldExamples(OtherProgramsModel.Examples(200, seed: 1)),
            SmallModel.Words,
            new TrainingOptions { TokensPerBatch = 200 },
            Load: null
        );
        Examination.Of(subject, 1, perturbations: 1);
        using var scope = NewDisposeScope();
        using var model = OtherProgramsModel.Create();
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
        Assert.Equal(OtherProgramsModel.All, Json.FromLine<ModelOptions>(Json.Line(OtherProgramsModel.All)));
    }

    [Fact]
    public void Weights_with_words_that_are_ruled_out_are_written_and_read()
    {
        using var model = OtherProgramsModel.Create();
        var path = _folder.PathOf("model.safetensors");
        using (var stream = File.Create(path))
        {
            ModuleWeights.Write(stream, model);
        }

        using var other = SmallModel.Create(OtherProgramsModel.All, seed: 9);
        using var file = SafetensorsFile.Open(path);
        ModuleWeights.Read(file, path, other);
        OtherProgramsModel.AssertRuledOut(other);
    }

    private static Trainer Trainer(ModelReplicas replicas, TrainingOptions options) =>
        new(
            replicas,
            new TokenBatches(OtherProgramsModel.Examples(500, seed: 1), options.TokensPerBatch),
            new TokenBatches(OtherProgramsModel.Examples(50, seed: 2), options.TokensPerBatch),
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
