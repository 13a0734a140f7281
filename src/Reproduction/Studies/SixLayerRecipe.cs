using TransformerClinic.Model;
using TransformerClinic.Reproduction.Claims;
using TransformerClinic.Residuals;

namespace TransformerClinic.Reproduction.Studies;

/// <summary>
/// The trainings of 6+6 layers, where all variants train, that studies of final losses share: twice as long, three
/// seeds.
/// </summary>
internal static class SixLayerRecipe
{
    /// <summary>Layers of each stack.</summary>
    public const int Layers = 6;

    /// <summary>All seeds.</summary>
    public static IReadOnlyList<long> Seeds => StudyWords.Seeds(3);

    /// <summary>The recipe of a budget.</summary>
    public static ReversalRecipe Of(StudyBudget budget)
    {
        var recipe = ReversalRecipe.Of(budget);
        return recipe with { Updates = 2 * recipe.Updates };
    }

    /// <summary>A cell for each variant, in both stacks.</summary>
    public static IReadOnlyList<StudyCell> Cells(StudyBudget budget, IEnumerable<ResidualVariant> variants)
    {
        var recipe = Of(budget);
        return
        [
            .. variants.Select(variant => new StudyCell(
                variant.Name(),
                "",
                [.. Seeds.Select(seed => recipe.Train(variant, Layers, seed))]
            )),
        ];
    }
}
