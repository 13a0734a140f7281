using System.Text.Json.Serialization;
using TransformerClinic.Residuals;
using static TorchSharp.torch;

namespace TransformerClinic.Verification;

/// <summary>The small package admin-torch, which computes omega from the number of sublayers alone.</summary>
internal sealed class AdminTorchCheck(ReferenceFolder folder) : ICheck
{
    private const string File = "admin_torch.json";
    private const string Name = "admin_torch";

    /// <inheritdoc/>
    public IEnumerable<Part> Parts() =>
    [
        Part.Of(Quantity.NotYet($"{Name}/omega", "omega from the number of sublayers is not written yet")),
        new Part($"{Name}/outputs", Outputs),
    ];

    /// <summary>The package returns <c>x * omega + f(x)</c>; our connection normalises that, so the recorded outputs are normalised too.</summary>
    private IEnumerable<Quantity> Outputs()
    {
        using var noGradient = no_grad();
        var recorded = folder.Read<AdminTorch>(File);
        var (x, branch) = (Matrix(recorded.X), Matrix(recorded.FOfX));
        var comparison = new Comparison($"{Name}/outputs");
        foreach (var module in recorded.Modules)
        {
            using var residual = new AdminResidual((int)x.shape[1]);
            residual.Omega.copy_(tensor(module.Omega.ToArray()));
            var expected = nn.functional.layer_norm(Matrix(module.OutputForXAndFx), [x.shape[1]]);
            comparison.Add($"{module.NumResLayers} layers, {module.Scale}", expected, residual.Combine(x, branch), Tolerances.Float32);
        }

        yield return comparison.Result($"{comparison.Pieces} modules, after layer normalisation");
    }

    private static Tensor Matrix(IReadOnlyList<IReadOnlyList<float>> rows) =>
        tensor(rows.SelectMany(row => row).ToArray(), [rows.Count, rows[0].Count]);

    private sealed record AdminTorch(
        IReadOnlyList<IReadOnlyList<float>> X,
        [property: JsonPropertyName("f_x")] IReadOnlyList<IReadOnlyList<float>> FOfX,
        IReadOnlyList<AdminTorchModule> Modules);

    private sealed record AdminTorchModule(int NumResLayers, string Scale, IReadOnlyList<float> Omega, IReadOnlyList<IReadOnlyList<float>> OutputForXAndFx);
}
