using TransformerClinic.Diagnosis;
using TransformerClinic.Diagnosis.Depth;
using TransformerClinic.Residuals;
using static TorchSharp.torch;

namespace TransformerClinic.Tests.Diagnosis.Depth;

public class TokenSimilarityTests
{
    [Theory]
    [InlineData(ResidualVariant.PostLn)]
    [InlineData(ResidualVariant.PreLn)]
    [InlineData(ResidualVariant.Admin)]
    [InlineData(ResidualVariant.B2t)]
    public void It_is_the_mean_cosine_over_all_pairs_of_tokens_of_a_sentence(ResidualVariant variant)
    {
        using var scope = NewDisposeScope();
        using var model = Patient.Perturbed(variant);
        var input = Patient.Input();

        var found = TokenSimilarity.Measure([DiagnosedPass.Of(model, input)]);

        var seen = SeenSublayer.Of(model, input);
        Assert.Equal(seen.Select(sublayer => sublayer.Place), found.Select(entry => entry.Place));
        Assert.All(seen.Zip(found), pair => Assert.Equal(MeanCosine(pair.First), pair.Second.Value, 1e-12));
    }

    [Fact]
    public void Several_batches_count_by_their_pairs()
    {
        using var scope = NewDisposeScope();
        using var model = Patient.Perturbed(ResidualVariant.Admin);
        var pass = DiagnosedPass.Of(model, Patient.Input());

        Assert.Equal(
            TokenSimilarity.Measure([pass]).Select(entry => entry.Value),
            TokenSimilarity.Measure([pass, pass]).Select(entry => entry.Value)
        );
    }

    [Fact]
    public void Tokens_of_one_direction_are_at_1_and_orthogonal_ones_at_0()
    {
        using var scope = NewDisposeScope();
        using var model = new WalshModel(dim => new PostLnResidual(dim, nn.Identity()), 0);
        double Of(params Tensor[] tokens) =>
            TokenSimilarity.Measure([new DiagnosedPass(model, () => model.forward(stack(tokens)))]).Single().Value;

        Assert.Equal(1, Of(WalshModel.Function(1), 3 * WalshModel.Function(1)), 1e-12);
        Assert.Equal(0, Of(WalshModel.Function(1), WalshModel.Function(2), WalshModel.Function(3)), 1e-12);
        Assert.Equal(-1, Of(WalshModel.Function(1), -WalshModel.Function(1)), 1e-12);
        Assert.True(double.IsNaN(Of(WalshModel.Function(1))));
    }

    private static double MeanCosine(SeenSublayer seen)
    {
        var (sum, pairs) = (0.0, 0);
        for (var i = 0; i < seen.Output.Length; i++)
        {
            for (var j = 0; j < seen.Output.Length; j++)
            {
                if (i != j && seen.Sentence[i] is { } sentence && seen.Sentence[j] == sentence)
                {
                    sum += Cosine(seen.Output[i], seen.Output[j]);
                    pairs++;
                }
            }
        }

        return sum / pairs;
    }

    private static double Cosine(double[] a, double[] b) => Dot(a, b) / Math.Sqrt(Dot(a, a) * Dot(b, b));

    private static double Dot(double[] a, double[] b) => a.Zip(b, (x, y) => x * y).Sum();
}
