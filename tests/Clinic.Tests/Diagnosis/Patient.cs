using TorchSharp;
using TransformerClinic.Diagnosis;
using TransformerClinic.Model;
using TransformerClinic.Residuals;
using TransformerClinic.Tests.TestSupport;
using static TorchSharp.torch;

namespace TransformerClinic.Tests.Diagnosis;

/// <summary>A small model to be diagnosed, what it reads, and a loss.</summary>
internal static class Patient
{
    /// <summary>Four sources padded on the left and what is translated so far, padded on the right.</summary>
    public static ModelInput Input()
    {
        var (source, target) = (SmallModel.Tokens(4, 7, 1), SmallModel.Tokens(4, 6, 2));
        source[1, ..2] = SmallModel.Padding(1, 2)[0];
        target[3, 4..] = SmallModel.Padding(1, 2)[0];
        return new ModelInput(source, target);
    }

    /// <summary>
    /// A model in float64 all of whose parameters, omegas and normalizations too, are away from where they start.
    /// </summary>
    public static Transformer Perturbed(ResidualVariant variant, ulong seed = 7)
    {
        var model = SmallModel.Create(variant);
        using var noGradient = no_grad();
        using var random = new Generator(seed, CPU);
        using Scalar share = 0.2;
        foreach (var parameter in model.parameters())
        {
            parameter.add_(randn(parameter.shape, generator: random), share);
        }

        model.to(ScalarType.Float64);
        return model;
    }

    /// <summary>A loss in which every logit takes part, propagated back.</summary>
    public static void Backward(Tensor logits) => Loss(logits).backward();

    public static Tensor Loss(Tensor logits) => logits.square().sum();

    /// <summary>The bits of all parameters.</summary>
    public static byte[] Weights(Transformer model) =>
        [.. model.parameters().SelectMany(parameter => parameter.bytes.ToArray())];
}
