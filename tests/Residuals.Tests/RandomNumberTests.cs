using static TorchSharp.torch;

namespace TransformerClinic.Residuals.Tests;

/// <summary>Runs by itself: other tests draw from the process's generator, too.</summary>
[CollectionDefinition(nameof(RandomNumberTests), DisableParallelization = true)]
[Collection(nameof(RandomNumberTests))]
public class RandomNumberTests
{
    [Fact]
    public void Random_numbers_are_not_drawn_for_a_connection()
    {
        manual_seed(3);
        using var state = get_rng_state();
        Assert.All(
            Enum.GetValues<ResidualVariant>(),
            variant =>
            {
                var options = new ResidualOptions { Variant = variant };
                new ResidualFactory(6, StackShape.Alone(4), options).NextLayer(1)[0].Dispose();
            }
        );
        using var after = get_rng_state();
        Assert.Equal(state.data<byte>().ToArray(), after.data<byte>().ToArray());
    }
}
