namespace TransformerClinic.Reproduction.Verification.Reference;

/// <summary><c>model/manifest.json</c></summary>
internal sealed record ModelManifest(
    ReferenceDims Dims,
    double LabelSmoothing,
    IReadOnlyDictionary<string, RecordedVariant> Variants
)
{
    /// <summary>Name of the manifest.</summary>
    public const string Name = "model/manifest.json";

    /// <summary>The feed-forward sublayer's nonlinearity.</summary>
    public string Activation { get; init; } = "relu";

    /// <summary>The shape of a variant's model.</summary>
    public ReferenceArchitecture Architecture(string variant) =>
        ReferenceArchitecture.Of(Dims, Variants[variant].ReferenceFlags) with
        {
            Activation = Activation == "gelu" ? Model.Activation.Gelu : Model.Activation.Relu,
        };
}

/// <summary>A variant: its flags, and the records of its states, each of which may be missing.</summary>
internal sealed record RecordedVariant(IReadOnlyList<string> ReferenceFlags)
{
    /// <summary>The initial weights, on the first batch.</summary>
    public RecordedState? Init { get; init; }

    /// <summary>The initial weights, on the second batch.</summary>
    public RecordedState? InitBatch2 { get; init; }

    /// <summary>The weights with noise on every parameter, on the first batch.</summary>
    public RecordedState? Perturbed { get; init; }

    /// <summary>The weights with noise on every parameter, on the second batch.</summary>
    public RecordedState? PerturbedBatch2 { get; init; }

    /// <summary>The profiling forward pass.</summary>
    public RecordedProfiling? Profiling { get; init; }
}

/// <summary>The record of one state of a model on one batch.</summary>
internal sealed record RecordedState(RecordedLoss F64)
{
    /// <summary>Euclidean norm of each parameter's gradient.</summary>
    public IReadOnlyDictionary<string, double>? PerParamGradL2F64 { get; init; }
}

/// <summary>Loss and negative log-likelihood, summed over the target tokens, in nats.</summary>
internal sealed record RecordedLoss(double LossSum, double NllSum, int Ntokens)
{
    /// <summary>Euclidean norm of the gradient of the summed loss.</summary>
    public double? GradL2NormOfSumLoss { get; init; }
}

/// <summary>The record of the profiling forward pass.</summary>
internal sealed record RecordedProfiling
{
    /// <summary>In float32.</summary>
    public RecordedRatios? F32 { get; init; }

    /// <summary>In float64.</summary>
    public RecordedRatios? F64 { get; init; }
}

/// <summary>
/// The running ratios after the last sublayer of each stack, which no longer set any omega.
/// </summary>
internal sealed record RecordedRatios(double EncoderRatioAfterLastSublayer, double DecoderRatioAfterLastSublayer);
