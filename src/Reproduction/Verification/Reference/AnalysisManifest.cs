using System.Text.Json.Serialization;

namespace TransformerClinic.Reproduction.Verification.Reference;

/// <summary><c>analysis/analysis.json</c>: variants, states of their weights, batches, runs.</summary>
internal sealed record AnalysisManifest(
    ReferenceDims Dims,
    IReadOnlyDictionary<string, IReadOnlyDictionary<string, IReadOnlyDictionary<string, RecordedRuns>>> Variants
)
{
    /// <summary>Name of the manifest.</summary>
    public const string Name = Folder + "/analysis.json";

    /// <summary>Where it is.</summary>
    public const string Folder = "analysis";
}

/// <summary>The same analysis in float64 and in float32.</summary>
internal sealed record RecordedRuns([property: JsonPropertyName("float64run")] RecordedAnalysis Float64)
{
    /// <summary>The reference as it is.</summary>
    [JsonPropertyName("float32run")]
    public RecordedAnalysis? Float32 { get; init; }
}

/// <summary>The data behind the reference's plots of one model on one batch; each may be missing.</summary>
internal sealed record RecordedAnalysis
{
    /// <summary>
    /// <c>variance_log.json</c>: a row before each of the encoder's sublayers and one after the last.
    /// </summary>
    [JsonPropertyName("plot_variance.variance_log.json")]
    public IReadOnlyList<IReadOnlyList<double>>? Deviations { get; init; }

    /// <summary>The output of <c>--plot_gradient</c>, in its order.</summary>
    [JsonPropertyName("plot_gradient")]
    public IReadOnlyList<RecordedGradient>? Gradients { get; init; }

    /// <summary>
    /// The output of <c>--plot_stability</c> for the encoder after a step of 1e-4 by random signs: <c>0 0.043</c>, ...,
    /// <c>final 0.107</c>.
    /// </summary>
    [JsonPropertyName("plot_stability.random_sign_1e-4")]
    public IReadOnlyList<string>? RandomSigns { get; init; }

    /// <summary>The same after a step of 1e-6 by the gradient's signs.</summary>
    [JsonPropertyName("plot_stability.gradient_sign_1e-6")]
    public IReadOnlyList<string>? GradientSigns { get; init; }

    /// <summary>The exact decomposition of the encoder; not from the reference.</summary>
    [JsonPropertyName("exact_decomposition_our_own_not_reference")]
    public RecordedDecomposition? Decomposition { get; init; }
}

/// <summary>The gradient at a sublayer's output.</summary>
internal sealed record RecordedGradient(int Layer, string Where, [property: JsonPropertyName("grad_l2")] double Norm);

/// <summary>Rows as in <see cref="RecordedAnalysis.Deviations"/>.</summary>
internal sealed record RecordedDecomposition(IReadOnlyList<IReadOnlyList<double>> Rows);
