using TorchSharp;
using TransformerClinic.Common;
using TransformerClinic.Diagnosis;
using TransformerClinic.Diagnosis.Findings;
using TransformerClinic.Model;
using TransformerClinic.Recipes;
using TransformerClinic.Reports.Charts;
using TransformerClinic.Reproduction.Claims;
using TransformerClinic.Reproduction.SmallTrainings;
using TransformerClinic.Residuals;
using TransformerClinic.Training;
using TransformerClinic.Training.Schedules;

namespace TransformerClinic.Reproduction.Studies;

/// <summary>
/// What figures 7 and 8 have in common: heat maps of an encoder's residual dependency before and after training, for
/// two variants.
/// </summary>
internal abstract class DependencyStudy : Study
{
    /// <summary>A variant's encoder before and after training.</summary>
    /// <param name="Variant">The variant.</param>
    /// <param name="Before">Its dependency before training.</param>
    /// <param name="After">The same after training.</param>
    /// <param name="Outcome">The result of the training.</param>
    protected sealed record Measured(
        ResidualVariant Variant,
        StackDependency Before,
        StackDependency After,
        TrainingOutcome Outcome
    )
    {
        /// <summary>Whether it learned anything; if not, what it depends on afterwards says nothing.</summary>
        public bool Trained => Outcome.Fate == TrainingFate.Trained;
    }

    private const long Seed = 1;

    /// <summary>The two variants, the one that the paper is concerned with first.</summary>
    protected abstract ResidualVariant First { get; }

    /// <summary>Layers of the encoder.</summary>
    protected abstract int Layers { get; }

    /// <summary>The brightest value of the paper's figure.</summary>
    protected abstract double Highest { get; }

    /// <summary>Number of sublayers at the top of the encoder for means.</summary>
    protected abstract int Upper { get; }

    /// <inheritdoc/>
    public override StudyFindings Run(StudyContext context)
    {
        SmallTraining[] trainings =
        [
            .. new[] { First, ResidualVariant.PreLn }.Select(variant => Training(variant, context)),
        ];
        var text = context.Texts.Of(trainings[0].Text);
        var outcomes = context.Train(trainings);
        var found = context.Each("measuring", outcomes, outcome => Measure(outcome, text, context));
        return Judge(found[0], found[1]) with
        {
            Seeds = [Seed],
            Settings = [.. Settings(trainings[0])],
            Drawings = [.. found.SelectMany(Draw)],
            Tables = [DiagonalTable(found)],
        };
    }

    /// <summary>Judges the claim.</summary>
    protected abstract StudyFindings Judge(Measured first, Measured preLn);

    /// <summary>The mean of <c>beta[i][i]</c> over the uppermost sublayers.</summary>
    protected double MeanOfUpper(StackDependency dependency) => dependency.Diagonal.TakeLast(Upper).Average();

    /// <summary>
    /// The same if every row is divided by the root of its sum of squares, as if its components were independent.
    /// </summary>
    protected double MeanOfUpperIfIndependent(StackDependency dependency) =>
        dependency.Beta.TakeLast(Upper).Average(row => row[^1] / Math.Sqrt(SumOfSquares(row)));

    /// <summary>How training changes the components' correlation, in words.</summary>
    protected string DescribeCorrelation(params Measured[] found) =>
        "Training correlates the components, so their squares no longer sum to 1; at the last state the sum is "
        + string.Join(
            ", ",
            found.Select(one => $"{StudyWords.Fixed(SumOfSquares(one.After.Beta[^1]))} in {one.Variant.Name()}")
        )
        + ". Dividing the rows so that they do, as if the components were independent, gives a mean over the last "
        + $"{Upper} sublayers of "
        + string.Join(
            ", ",
            found.Select(one =>
                $"{StudyWords.Fixed(MeanOfUpperIfIndependent(one.Before))} before and "
                + $"{StudyWords.Fixed(MeanOfUpperIfIndependent(one.After))} after in "
                + $"{one.Variant.Name()}"
            )
        )
        + ".";

    /// <summary>How a training ended, in words.</summary>
    protected static string Describe(Measured found) =>
        $"{found.Variant.Name()}: nll "
        + $"{(found.Outcome.ValidNll is { } nll ? StudyWords.Fixed(nll) : "not finite")} on the validation set, "
        + $"{StudyWords.Fixed(found.Outcome.GuessNll)} for word frequencies alone";

    /// <summary>A condition on trained models; undecided if one of them did not train.</summary>
    protected static Condition IfTrained(Condition condition, params Measured[] found) =>
        condition.If(found.All(one => one.Trained));

    private SmallTraining Training(ResidualVariant variant, StudyContext context)
    {
        var decoder = context.Pick(2, Layers);
        var model = SmallTraining.Narrow(variant, Layers, variant, decoder, context.Pick(64, 128)) with
        {
            Dropout = 0.1,
        };
        var training = new TrainingOptions
        {
            MaxUpdates = context.Pick(1200, 10_000),
            TokensPerBatch = context.Pick(512, 2048),
            Schedule = new ScheduleOptions { LearningRate = 2e-3, WarmUpUpdates = context.Pick(200, 1000) },
        };
        return new SmallTraining(
            TrainingText.OfHelp(context.Pick(1000, 4000), context.Pick(30, 60)),
            model,
            training,
            Seed
        )
        {
            KeepsWeights = true,
        };
    }

    private static Measured Measure(TrainingOutcome outcome, TaskText text, StudyContext context)
    {
        var subject = InitialModels.Of(outcome.Training.Model, text, outcome.Training.Training.TokensPerBatch);
        StackDependency Of(Func<Transformer> create)
        {
            using var model = create();
            model.to(torch.ScalarType.Float64);
            using var probe = new Probe(subject.Batches(Seed, 1)[0], subject.Smoothing);
            return ResidualDependency.Measure(model, probe.Input).Encoder;
        }

        return new Measured(
            outcome.Training.Model.Encoder.Variant,
            Of(() => subject.Create(subject.Model, Seed)),
            Of(() => context.Load(outcome.Training)),
            outcome
        );
    }

    private static IEnumerable<StudySetting> Settings(SmallTraining training) =>
        [
            StudyWords.Setting("layers", $"{training.Model.Encoder.Layers}+{training.Model.Decoder.Layers}"),
            StudyWords.Setting("dim", training.Model.Dim),
            StudyWords.Setting("dropout", training.Model.Dropout),
            StudyWords.Setting("merges", training.Text.Help!.Merges),
            StudyWords.Setting("updates", Numbers.Count(training.Training.MaxUpdates)),
            StudyWords.Setting("tokens per batch", training.Training.TokensPerBatch),
            StudyWords.Setting("optimizer", RecipeKey.Format(training.Training.Optimizer.Name)),
            StudyWords.Setting("learning rate", training.Training.Schedule.LearningRate),
            StudyWords.Setting("warm-up", training.Training.Schedule.WarmUpUpdates),
        ];

    private IEnumerable<Drawing> Draw(Measured found)
    {
        yield return Map(found.Variant, "before", "before training", found.Before);
        yield return Map(found.Variant, "after", "after training", found.After);
    }

    private TriangleDrawing Map(ResidualVariant variant, string name, string when, StackDependency dependency) =>
        new(
            $"{Description.Id}-{variant.Key()}-{name}",
            $"{variant.Name()}, {Layers} layers, {when}",
            $"beta[i][j] of the encoder; mean of the diagonal over the last {Upper} sublayers: "
                + $"{StudyWords.Fixed(MeanOfUpper(dependency))}.",
            [.. dependency.Beta.Skip(1).Select(row => row.Skip(1).ToList())],
            Highest
        );

    private StudyTable DiagonalTable(IReadOnlyList<Measured> found) =>
        new(
            Description.Id + "-diagonals",
            ["variant", "sublayer", "before", "after", "sumOfSquaresBefore", "sumOfSquaresAfter"],
            [
                .. from one in found
                from i in Enumerable.Range(1, 2 * Layers)
                select (IReadOnlyList<object?>)
                    [
                        one.Variant,
                        i,
                        one.Before.Diagonal[i - 1],
                        one.After.Diagonal[i - 1],
                        SumOfSquares(one.Before.Beta[i]),
                        SumOfSquares(one.After.Beta[i]),
                    ],
            ]
        );

    /// <summary>Over a row of beta, including the stack's input: 1 except for the components' correlation.</summary>
    protected static double SumOfSquares(IReadOnlyList<double> row) => row.Sum(beta => beta * beta);
}
