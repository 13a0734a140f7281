using System.Globalization;
using TransformerClinic.Model;
using TransformerClinic.Reports.Charts;
using TransformerClinic.Reproduction.Claims;
using TransformerClinic.Residuals;
using TransformerClinic.Training;

namespace TransformerClinic.Reproduction.Studies;

/// <summary>Why adaptive optimizers are used: stochastic gradient descent stays behind at any learning rate.</summary>
internal sealed class SgdStudy : TrainingStudy
{
    private const double Behind = 0.5;
    private static readonly ResidualVariant[] Variants = [ResidualVariant.PostLn, ResidualVariant.PreLn];
    private static readonly double[] Rates = [0.01, 0.03, 0.1, 0.3, 1, 3];

    /// <inheritdoc/>
    public override StudyDescription Description =>
        new()
        {
            Id = "sgd",
            Title = "Stochastic gradient descent against Adam at 6+6 layers",
            Place = "Liu et al. 2020, section 3.3",
            Claim = "Stochastic gradient descent at any learning rate stays well above Adam, in Post-LN and in Pre-LN.",
            Criterion =
                "The lowest held-out loss of stochastic gradient descent with momentum 0.9 over the learning rates "
                + "0.01, 0.03, 0.1, 0.3, 1 and 3, mean over seeds, is more than 0.5 nats above Adam's at the one "
                + "rate that our studies share, in both variants; undecided for a variant whose lowest loss is at "
                + "the first or the last rate.",
            Paper =
                "It \"converges to bad/suspicious local optima for Transformers\" (cited from Zhang et al. 2019); "
                + "no numbers of its own.",
            Minutes = 2,
            Hours = 5,
        };

    internal override IReadOnlyList<StudyCell> Cells(StudyBudget budget)
    {
        var recipe = ReversalRecipe.Of(budget);
        var seeds = StudyWords.Seeds(budget == StudyBudget.Minutes ? 1 : 3);
        StudyCell Under(ResidualVariant variant, string setting, ReversalRecipe training) =>
            Cell(variant.Name(), setting, seeds, seed => training.Train(variant, SixLayerRecipe.Layers, seed));
        ReversalRecipe Descent(double rate) =>
            recipe with
            {
                Optimizer = new OptimizerOptions { Name = OptimizerName.Sgd, Momentum = 0.9 },
                Schedule = recipe.Schedule with { LearningRate = rate },
            };
        return
        [
            .. Variants.SelectMany(variant =>
                (IEnumerable<StudyCell>)
                    [
                        Under(variant, "Adam", recipe),
                        .. Rates.Select(rate =>
                            Under(variant, $"SGD {rate.ToString(CultureInfo.InvariantCulture)}", Descent(rate))
                        ),
                    ]
            ),
        ];
    }

    internal override StudyFindings Judge(IReadOnlyList<TrainedCell> cells)
    {
        var byVariant = cells.Chunk(1 + Rates.Length).ToList();
        return new StudyFindings(
            [.. byVariant.Select(Far)],
            string.Join(
                "; ",
                byVariant.Select(found =>
                    $"{found[0].Cell.Name}: Adam {StudyWords.Fixed(found[0].Nll)}, the best of SGD "
                    + $"{StudyWords.Fixed(Best(found).Nll)} ({Best(found).Cell.Setting})"
                )
            ) + ".",
            [],
            []
        )
        {
            Values =
            [
                .. byVariant.Select(found => new ComparedValue(
                    $"{found[0].Cell.Name}: held-out nll of Adam and of the best SGD",
                    "none given",
                    $"{StudyWords.Fixed(found[0].Nll)} and {StudyWords.Fixed(Best(found).Nll)}"
                )),
            ],
            Drawings =
            [
                new LineDrawing(
                    Description.Id,
                    "Stochastic gradient descent at all learning rates, 6+6 layers",
                    "Thin: Adam, at its one rate. Points above twice the loss of guessing are outside the figure.",
                    "learning rate of SGD",
                    "held-out nll, nats per target token",
                    [
                        .. byVariant.SelectMany(
                            (found, i) =>
                                (IEnumerable<LineSeries>)
                                    [
                                        new(
                                            found[0].Cell.Name + ", SGD",
                                            [
                                                .. found
                                                    .Skip(1)
                                                    .Select((cell, rate) => (Rates[rate], cell.Nll))
                                                    .Where(point => point.Nll < 2 * found[0].Outcomes[0].GuessNll),
                                            ],
                                            i
                                        ),
                                        new(
                                            found[0].Cell.Name + ", Adam",
                                            [(Rates[0], found[0].Nll), (Rates[^1], found[0].Nll)],
                                            i,
                                            Thin: true
                                        ),
                                    ]
                        ),
                    ]
                )
                {
                    LogarithmicX = true,
                },
            ],
            Remarks =
                "Both have warm-up and linear decay. Plain descent without momentum was not tried: momentum is the "
                + "stronger opponent.",
        };
    }

    private static TrainedCell Best(TrainedCell[] found) =>
        found.Skip(1).MinBy(cell => double.IsFinite(cell.Nll) ? cell.Nll : double.PositiveInfinity)!;

    private static Condition Far(TrainedCell[] found)
    {
        var best = Best(found);
        var condition = Condition.Above(
            $"{found[0].Cell.Name}: the lowest loss of SGD minus Adam's",
            best.Nll - found[0].Nll,
            Behind
        );
        return condition.If(best != found[1] && best != found[^1]);
    }
}
