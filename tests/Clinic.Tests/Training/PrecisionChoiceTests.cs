using TransformerClinic.Files;
using TransformerClinic.Training;

namespace TransformerClinic.Tests.Training;

public class PrecisionChoiceTests
{
    [Theory]
    [InlineData(0.080, 0.066, Precision.Bf16)]
    [InlineData(0.066, 0.080, Precision.Fp32)]
    [InlineData(0.066, 0.066, Precision.Fp32)]
    public void Auto_takes_the_faster_and_float32_where_they_are_level(double fp32, double bf16, Precision chosen)
    {
        var choice = PrecisionChoice.Make(Precision.Auto, () => (fp32, bf16));
        Assert.Equal(chosen, choice.Chosen);
        Assert.Equal(
            $"matrix products in {chosen.ToString().ToLowerInvariant()} (measured on this model and text: fp32 "
                + $"{fp32:0.000}, bf16 {bf16:0.000} s per update)",
            choice.ToString()
        );
    }

    [Theory]
    [InlineData(Precision.Fp32, "matrix products in fp32")]
    [InlineData(Precision.Bf16, "matrix products in bf16")]
    public void Nothing_is_measured_where_the_recipe_chooses(Precision asked, string words)
    {
        var choice = PrecisionChoice.Make(asked, () => throw new InvalidOperationException("It was measured."));
        Assert.Equal(new PrecisionChoice(asked), choice);
        Assert.Equal(words, choice.ToString());
    }

    [Fact]
    public void What_an_earlier_version_measured_can_be_read()
    {
        using var folder = new TemporaryFolder();
        var path = folder.Write("precision.json", """{"chosen":"bf16","fp32GigaFlops":112.4,"bf16GigaFlops":553.1}""");
        var choice = Json.Read<PrecisionChoice>(path);
        Assert.Equal(Precision.Bf16, choice.Chosen);
        Assert.Equal("matrix products in bf16 (measured: fp32 112, bf16 553 GFLOP/s)", choice.ToString());
    }
}
