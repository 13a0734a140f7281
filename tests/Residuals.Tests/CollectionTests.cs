using static TorchSharp.torch;

namespace TransformerClinic.Residuals.Tests;

[Trait("Speed", "Slow")]
public class CollectionTests
{
    public static TheoryData<ResidualVariant> Variants => [.. Enum.GetValues<ResidualVariant>()];

    /// <summary>
    /// TorchSharp does not keep the scalar of an expression alive during the call: with a collection on another thread,
    /// a training step failed once in minutes ("Exception raised from toFloat") until scalars were held.
    /// </summary>
    [Theory]
    [MemberData(nameof(Variants))]
    public void Collections_on_another_thread_do_not_disturb_a_connection(ResidualVariant variant)
    {
        var connections = new ResidualFactory(
            4,
            StackShape.Alone(1),
            new ResidualOptions { Variant = variant }
        ).NextLayer(2);
        using var noGradient = no_grad();
        using var x = ones(2, 4);
        var state = connections[0].BeginStack(x);
        // Twenty rounds of normalizing a mix are as many expressions as ten calls of others.
        var calls = variant == ResidualVariant.Mhc ? 2_000 : 20_000;
        GarbageCollections.During(() =>
        {
            for (var i = 0; i < calls; i++)
            {
                using var first = connections[0].call(state, x);
                using var second = connections[1].call(first, x);
            }
        });
    }
}
