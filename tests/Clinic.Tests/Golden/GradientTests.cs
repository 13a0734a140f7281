using static TorchSharp.torch;

namespace TransformerClinic.Tests.Golden;

public class GradientTests
{
    public static TheoryData<string> Variants => [.. GoldenModel.Variants];

    [Theory]
    [MemberData(nameof(Variants))]
    public void Every_gradient_is_the_references(string variant)
    {
        using var scope = NewDisposeScope();
        using var golden = GoldenTensors.Open($"model/{variant}/perturbed.grads.safetensors");
        using var model = GoldenModel.Load(variant, "perturbed");
        new GoldenBatch().Loss(model, backward: true);
        var names = golden.Names.ToHashSet();
        foreach (var (name, parameter) in model.named_parameters().Where(entry => names.Remove(ReferenceWeights.NameOf(entry.name))))
        {
            var (expected, actual) = (golden[ReferenceWeights.NameOf(name)], parameter.grad!);
            if (name.EndsWith("input_projection.bias", StringComparison.Ordinal))
            {
                (expected, actual) = (WithoutKeys(expected), WithoutKeys(actual));
            }

            Close.Assert(expected, actual, expected.dtype == ScalarType.Float64 ? 1e-9 : 1e-7, name);
        }

        Assert.Empty(names);
    }

    /// <summary>The gradient of the keys' bias is zero but for rounding, since softmax ignores what all scores share.</summary>
    private static Tensor WithoutKeys(Tensor bias)
    {
        var parts = bias.chunk(3);
        return cat([parts[0], parts[2]]);
    }
}
