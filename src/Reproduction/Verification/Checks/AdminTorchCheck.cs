using System.Text.Json.Serialization;
using TransformerClinic.Reproduction.Verification.Quantities;
using TransformerClinic.Reproduction.Verification.Reference;
using TransformerClinic.Residuals;
using static TorchSharp.torch;

namespace TransformerClinic.Reproduction.Verification.Checks;

/// <summary>
/// The small package admin-torch, which computes omega only from the number of residual connections.
/// </summary>
internal sealed class AdminTorchCheck(ReferenceFolder folder) : ICheck
{
    private const string File = "admin_torch.json";
    private const string Name = "admin_torch";
    private const string CountKey = "num_res_layers";

    /// <inheritdoc/>
    public IEnumerable<Part> Parts() =>
        [new Part($"{Name}/constants", Constants), new Part($"{Name}/modules", Modules)];

    /// <summary>
    /// A table with a row for each number of connections and a column for each growth of the output change.
    /// </summary>
    private IEnumerable<Quantity> Constants()
    {
        var comparison = new Comparison($"{Name}/constants");
        foreach (var row in folder.Read<AdminTorch>(File).CalculateInit)
        {
            var count = (int)row.GetValueOrDefault(CountKey);
            foreach (var (scale, omega) in row.Where(entry => entry.Key != CountKey))
            {
                if (Change(scale) is { } change)
                {
                    comparison.Add(
                        $"{count} connections, {scale}",
                        omega,
                        AnalyticOmega.Of(count, change),
                        Tolerances.Float64
                    );
                }
                else
                {
                    comparison.Fail($"the scale {scale} is not known here");
                }
            }
        }

        yield return comparison.Result($"{comparison.Pieces} values");
    }

    /// <summary>
    /// The package's modules compute <c>x * omega + f(x)</c> in float32 and leave normalization to others.
    /// </summary>
    private IEnumerable<Quantity> Modules()
    {
        using var noGradient = no_grad();
        var recorded = folder.Read<AdminTorch>(File);
        var (x, branch) = (Matrix(recorded.X), Matrix(recorded.FOfX));
        var (omegas, outputs) = (new Comparison($"{Name}/modules/omega"), new Comparison($"{Name}/modules/output"));
        foreach (var module in recorded.Modules)
        {
            var where = $"{module.NumResLayers} connections, {module.Scale}";
            if (Change(module.Scale) is not { } change)
            {
                outputs.Fail($"the scale {module.Scale} is not known here");
                continue;
            }

            using var identity = nn.Identity();
            using var residual = new AdminAnalyticResidual(
                (int)x.shape[1],
                module.NumResLayers,
                module.Options(change),
                identity
            );
            var scale = residual.Omega is { } omega
                ? omega.to(ScalarType.Float64).data<double>().ToArray()
                : [residual.ShortcutScale()[0]];
            omegas.Add(where, module.Omega, scale, Tolerances.RoundedToFloat32);
            outputs.Add(where, Matrix(module.OutputForXAndFx), residual.call(x, branch), Tolerances.Float32);
        }

        yield return omegas.Result($"{omegas.Pieces} modules");
        yield return outputs.Result($"{outputs.Pieces} modules");
    }

    private static OutputChange? Change(string scale) =>
        scale switch
        {
            "default" or "O(logn)" => OutputChange.LogN,
            "O(n)" => OutputChange.Linear,
            "O(1)" => OutputChange.Constant,
            _ => null,
        };

    private static Tensor Matrix(IReadOnlyList<IReadOnlyList<float>> rows) =>
        tensor(rows.SelectMany(row => row).ToArray(), [rows.Count, rows[0].Count]);

    private sealed record AdminTorch(
        IReadOnlyList<IReadOnlyList<float>> X,
        [property: JsonPropertyName("f_x")] IReadOnlyList<IReadOnlyList<float>> FOfX,
        IReadOnlyList<Dictionary<string, double>> CalculateInit,
        IReadOnlyList<AdminTorchModule> Modules
    );

    private sealed record AdminTorchModule(
        int NumResLayers,
        string Scale,
        bool AsParameter,
        IReadOnlyList<double> Omega,
        IReadOnlyList<IReadOnlyList<float>> OutputForXAndFx
    )
    {
        public AnalyticOptions Options(OutputChange change) =>
            new()
            {
                OutputChange = change,
                Trainable = AsParameter,
                Shape = OmegaShape.Vector,
            };
    }
}
