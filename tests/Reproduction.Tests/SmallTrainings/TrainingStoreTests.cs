using TransformerClinic.Common;
using TransformerClinic.Files;
using TransformerClinic.Reproduction.Claims;
using TransformerClinic.Reproduction.SmallTrainings;
using TransformerClinic.Residuals;
using TransformerClinic.Training;
using TransformerClinic.Training.Schedules;

namespace TransformerClinic.Reproduction.Tests.SmallTrainings;

[Trait("Speed", "Slow")]
public class TrainingStoreTests
{
    private static readonly TaskTexts Texts = new("nowhere");

    private static SmallTraining Training(double learningRate, long seed = 1, int updates = 30) =>
        new(
            TrainingText.OfReversal(words: 6, longest: 3),
            SmallTraining.Narrow(ResidualVariant.PreLn, layers: 1, dim: 16),
            new TrainingOptions
            {
                MaxUpdates = updates,
                TokensPerBatch = 200,
                Optimizer = new() { Name = OptimizerName.Adam },
                Schedule = new()
                {
                    Name = ScheduleName.Linear,
                    LearningRate = learningRate,
                    WarmUpUpdates = 1,
                },
            },
            seed
        );

    [Fact]
    public void Workers_change_nothing_and_a_stored_training_does_not_run_again()
    {
        using var folder = new TemporaryFolder();
        SmallTraining[] trainings = [Training(3e-3), Training(3e-3, seed: 2), Training(1e-2), Training(3e-3)];

        var alone = Context(Path.Combine(folder.FullName, "one"), threads: 1).Train(trainings);
        var together = Context(Path.Combine(folder.FullName, "two"), threads: 3).Train(trainings);

        Assert.Equal(alone.Select(Numbers), together.Select(Numbers));
        Assert.Equal(trainings, together.Select(outcome => outcome.Training));
        Assert.NotEqual(Numbers(alone[0]), Numbers(alone[1]));
        var files = Directory.GetFiles(Path.Combine(folder.FullName, "two")).Order().ToList();
        Assert.Equal(3, files.Count);
        File.WriteAllText(
            files[0],
            File.ReadAllText(files[0]).Replace("\"seconds\": ", "\"seconds\": 9", StringComparison.Ordinal)
        );
        Assert.Contains(
            Context(Path.Combine(folder.FullName, "two"), threads: 1).Train(trainings),
            outcome => outcome.Seconds >= 90
        );
    }

    [Fact]
    public void A_small_training_learns_its_task_and_says_so()
    {
        using var folder = new TemporaryFolder();

        var outcomes = Context(folder.FullName, threads: 2)
            .Train([Training(1e-2, updates: 120), Training(2e-7, updates: 120)]);

        Assert.Equal([TrainingFate.Trained, TrainingFate.Plateau], outcomes.Select(outcome => outcome.Fate));
        Assert.Equal(120, outcomes[0].Curve.Count);
        Assert.True(outcomes[0].Curve[^1].Nll < outcomes[0].Curve[0].Nll);
    }

    [Fact]
    public void Weights_come_back_as_they_were()
    {
        using var folder = new TemporaryFolder();
        var training = Training(1e-2) with { KeepsWeights = true };
        var context = Context(folder.FullName, threads: 1);
        context.Train([training]);

        using var session = new TrainingSession(training, Texts.Of(training.Text));
        session.Run(stop: TestContext.Current.CancellationToken);
        using var loaded = context.Load(training);

        Assert.All(
            session.Model.named_parameters().Zip(loaded.named_parameters()),
            pair => Assert.True(pair.First.parameter.eq(pair.Second.parameter).all().item<bool>())
        );
    }

    [Fact]
    public void What_was_finished_before_a_stop_is_kept()
    {
        using var folder = new TemporaryFolder();
        using var stop = new CancellationTokenSource();
        var console = new StopAfter(37, stop);
        var context = new StudyContext(
            StudyBudget.Minutes,
            Texts,
            new TrainingStore(folder.FullName),
            1,
            console,
            stop.Token
        );

        Assert.Throws<OperationCanceledException>(() => context.Train([Training(3e-3), Training(1e-2)]));

        Assert.Single(Directory.GetFiles(folder.FullName));
    }

    private static StudyContext Context(string folder, int threads) =>
        new(StudyBudget.Minutes, Texts, new TrainingStore(folder), threads, new QuietConsole(), CancellationToken.None);

    private static string Numbers(TrainingOutcome outcome) => Json.Line(outcome with { Seconds = 0 });

    /// <summary>Stops when this much is done.</summary>
    private sealed class StopAfter(double updates, CancellationTokenSource stop) : IRunConsole, IProgress<WorkDone>
    {
        public void Say(string line) { }

        public T Work<T>(string what, string unit, double total, Func<IProgress<WorkDone>, T> work) => work(this);

        public void Report(WorkDone value)
        {
            if (value.Done >= updates)
            {
                stop.Cancel();
            }
        }
    }
}
