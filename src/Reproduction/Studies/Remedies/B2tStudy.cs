using TransformerClinic.Model;
using TransformerClinic.Reproduction.Claims;
using TransformerClinic.Reproduction.SmallTrainings;
using TransformerClinic.Residuals;
using TransformerClinic.Residuals.Remedies;

namespace TransformerClinic.Reproduction.Studies.Remedies;

/// <summary>B2T's two parts apart: its connection, and the initial weights that its code scales as well.</summary>
internal sealed class B2tStudy : TrainingStudy
{
    private const int Layers = 18;
    private static readonly (ResidualVariant Variant, InitialWeights Weights, string Name)[] Parts =
    [
        (ResidualVariant.PostLn, InitialWeights.Xavier, ResidualVariant.PostLn.Name()),
        (ResidualVariant.B2t, InitialWeights.Xavier, "B2T without its initial weights"),
        (ResidualVariant.PostLn, InitialWeights.B2t, "Post-LN with B2T's initial weights"),
        (ResidualVariant.B2t, InitialWeights.B2t, "B2T as its code has it"),
    ];

    /// <inheritdoc/>
    public override StudyDescription Description =>
        new()
        {
            Id = "b2t",
            Title = "B2T's connection and B2T's initial weights, 18+18 layers",
            Place = "Takase et al. 2023 (B2T), and their code at c8e2ad4",
            Claim =
                "Where Post-LN is too deep to train, B2T's connection rescues it without the scaled initial weights "
                + "of its code, and these weights do not rescue it without the connection.",
            Criterion =
                "With every seed Post-LN fails (otherwise all is undecided), B2T without its initial weights trains, "
                + "Post-LN with B2T's initial weights fails, and B2T as its code has it trains. "
                + Failing,
            Paper = "The paper gives the credit to the connection; that the code scales the weights is not tested.",
            Minutes = 4,
            Hours = 5,
        };

    internal override IReadOnlyList<StudyCell> Cells(StudyBudget budget)
    {
        var recipe = ReversalRecipe.Of(budget);
        var seeds = StudyWords.Seeds(budget == StudyBudget.Minutes ? 2 : 5);
        return
        [
            .. Parts.Select(part =>
                Cell(part.Name, "", seeds, seed => recipe.Train(Shape(part.Variant, part.Weights, recipe.Dim), seed))
            ),
        ];
    }

    internal override StudyFindings Judge(IReadOnlyList<TrainedCell> cells)
    {
        var postLnFails = cells[0].AllFail;
        return new(
            [
                cells[0].Fails().If(postLnFails),
                cells[1].Trains().If(postLnFails),
                cells[2].Fails().If(postLnFails),
                cells[3].Trains().If(postLnFails),
            ],
            string.Join("; ", cells.Select(cell => $"{cell.Label} {cell.Ending}")) + ".",
            [],
            []
        )
        {
            Drawings = [Curves(Description.Id, "Training of B2T's parts", ReversalRecipe.Guessing(cells), cells)],
        };
    }

    private static ModelOptions Shape(ResidualVariant variant, InitialWeights weights, int dim)
    {
        var model = SmallTraining.Narrow(variant, Layers, dim);
        return model with
        {
            Encoder = model.Encoder with { Initialization = weights },
            Decoder = model.Decoder with { Initialization = weights },
        };
    }
}
