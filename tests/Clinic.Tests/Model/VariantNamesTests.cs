using TransformerClinic.Files;
using TransformerClinic.Model;
using TransformerClinic.Recipes;
using TransformerClinic.Residuals;

namespace TransformerClinic.Tests.Model;

public class VariantNamesTests
{
    public static TheoryData<ResidualVariant> Variants => new(Enum.GetValues<ResidualVariant>());

    [Theory]
    [MemberData(nameof(Variants))]
    public void A_variants_key_is_the_same_in_recipes_and_in_JSON(ResidualVariant variant)
    {
        var key = RecipeSchema.Find("model.encoder.variant", "here");

        Assert.Equal(variant.Key(), RecipeKey.Format(variant));
        Assert.Equal(variant, key.Parse(variant.Key(), "here"));
        Assert.Equal($"\"{variant.Key()}\"", Json.Line(variant));
    }

    [Fact]
    public void Every_variant_has_a_key_and_a_name_of_its_own()
    {
        var variants = Enum.GetValues<ResidualVariant>();

        Assert.Equal(variants.Length, variants.Select(variant => variant.Key()).Distinct().Count());
        Assert.Equal(variants.Length, variants.Select(variant => variant.Name()).Distinct().Count());
        Assert.Equal(
            ("rezero-post-ln", "ReZero + Post-LN"),
            (ResidualVariant.RezeroPostLn.Key(), ResidualVariant.RezeroPostLn.Name())
        );
    }
}
