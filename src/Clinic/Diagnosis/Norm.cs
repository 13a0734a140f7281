using TransformerClinic.Model;
using static TorchSharp.torch;

namespace TransformerClinic.Diagnosis;

/// <summary>Euclidean norms.</summary>
internal static class Norm
{
    /// <summary><c>sqrt(sum x^2)</c> over all elements, summed in float64.</summary>
    public static double Of(Tensor x)
    {
        using var scope = NewDisposeScope();
        return Math.Sqrt(x.detach().to(ScalarType.Float64).pow(HeldScalars.Two).sum().item<double>());
    }
}
