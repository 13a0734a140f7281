using System.Text.Json.Serialization;
using TransformerClinic.Model;
using TransformerClinic.Residuals;

namespace TransformerClinic.Diagnosis.Findings;

/// <summary>What the examinations say of one stack; means are over models.</summary>
/// <param name="Stack">The stack.</param>
/// <param name="Variant">Its residual variant.</param>
/// <param name="Layers">Its layers.</param>
/// <param name="Lean">
/// How much its states lean on their newest branch: the mean of <c>beta[i][i]</c>, sublayer by sublayer.
/// </param>
/// <param name="LeansFrom">
/// The first sublayer, from 1, from which on every state leans more than twice an even share on its newest branch,
/// <c>beta[i][i]^2 > 2 / (i + 1)</c>; null where there is none.
/// </param>
/// <param name="Growth">How its output change grows.</param>
/// <param name="GradientKept">
/// <c>|dL/dx_1| / |dL/dx_n|</c>: what is left of the gradient at the lowest sublayer's output; null where no gradient
/// arrives at the highest, as in the encoder while ReZero keeps the decoder's branches at 0.
/// </param>
/// <param name="KeptThroughCrossAttention">
/// The product of <c>|dL/dx_{i-1}| / |dL/dx_i|</c> over the cross-attention sublayers i; 1 in the encoder, null as
/// above.
/// </param>
/// <param name="LargestOutput">The largest root mean square of a sublayer's output.</param>
/// <param name="LowestEntropy">The lowest relative entropy of an attention, and which.</param>
/// <param name="MostDead">
/// The largest share of dead units of a feed-forward sublayer, and which; null unless the activation is ReLU.
/// </param>
internal sealed record StackFindings(
    StackName Stack,
    ResidualVariant Variant,
    int Layers,
    IReadOnlyList<double> Lean,
    int? LeansFrom,
    GrowthEvidence Growth,
    double? GradientKept,
    double? KeptThroughCrossAttention,
    double LargestOutput,
    PlacedValue LowestEntropy,
    PlacedValue? MostDead
)
{
    /// <summary>The mean of <see cref="Lean"/> over the sublayers.</summary>
    public double MeanLean => Lean.Average();

    /// <summary>
    /// Whether the scale of its connections is chosen for the depth, so that a curve along one model does not say how
    /// models of other depths do.
    /// </summary>
    public bool ScaledForDepth => Traits.IsScaledForDepth;

    /// <summary>What is to be known of its variant as a whole.</summary>
    [JsonIgnore]
    public ResidualTraits Traits { get; init; } = new StackOptions { Layers = Layers, Variant = Variant }.Traits;

    /// <summary>What happens along its depth; null where that was not measured.</summary>
    public DepthFindings? Depth { get; init; }

    /// <summary>Draws the findings from examinations.</summary>
    public static StackFindings Of(StackName stack, StackOptions options, IReadOnlyList<Examination> examinations)
    {
        double[] lean = MeanOf(examinations.Select(found => Of(stack, found.Dependency).Diagonal));
        var activity = examinations
            .SelectMany(found => found.Activity.Sublayers)
            .Where(sublayer => sublayer.Place.Address?.Stack == stack)
            .ToList();
        return new StackFindings(
            stack,
            options.Variant,
            options.Layers,
            lean,
            LeansFromOf(lean),
            GrowthOf(stack, [.. examinations.Select(found => found.ByRandomSigns)], examinations[0].Seed),
            GeometricMean(examinations.Select(found => Kept(Norms(found, stack), _ => true))),
            GeometricMean(
                examinations.Select(found =>
                    Kept(Norms(found, stack), place => place.Address?.Kind == SublayerKind.CrossAttention)
                )
            ),
            activity.Max(sublayer => sublayer.OutputRms),
            activity
                .Where(sublayer => sublayer.Attention is not null)
                .Select(sublayer => new PlacedValue(sublayer.Place, sublayer.Attention!.RelativeEntropy))
                .MinBy(value => value.Value)!,
            activity
                .Where(sublayer => sublayer.FeedForward is not null)
                .Select(sublayer => new PlacedValue(sublayer.Place, sublayer.FeedForward!.DeadShare))
                .MaxBy(value => value.Value)
        )
        {
            Traits = options.Traits,
            Depth = DepthFindings.Of(stack, examinations),
        };
    }

    /// <summary><see cref="LeansFrom"/> of a stack's leans.</summary>
    internal static int? LeansFromOf(IReadOnlyList<double> lean)
    {
        var from = lean.Select((beta, i) => beta * beta > 2.0 / (i + 2)).ToList().LastIndexOf(false) + 2;
        return from <= lean.Count ? from : null;
    }

    /// <summary>How the output change of a stack grows, model by model and perturbation by perturbation.</summary>
    public static GrowthEvidence GrowthOf(
        StackName stack,
        IReadOnlyList<IReadOnlyList<ModelOutputChange>> models,
        long seed
    ) =>
        GrowthEvidence.Of(
            [
                .. models.Select(changes =>
                    changes
                        .Select(change => (stack == StackName.Encoder ? change.Encoder : change.Decoder).Changes)
                        .ToList()
                ),
            ],
            seed
        );

    /// <summary>The mean, sublayer by sublayer.</summary>
    internal static double[] MeanOf(IEnumerable<IReadOnlyList<double>> rows)
    {
        IReadOnlyList<double>[] all = [.. rows];
        return [.. all[0].Select((_, i) => all.Average(row => row[i]))];
    }

    /// <summary>The dependency of one stack.</summary>
    internal static StackDependency Of(StackName stack, ResidualDependency dependency) =>
        stack == StackName.Encoder ? dependency.Encoder : dependency.Decoder;

    /// <summary>The gradient norms of a stack's sublayers, from its input to its output.</summary>
    internal static IReadOnlyList<SublayerGradient> Norms(Examination found, StackName stack) =>
        [.. found.Gradients.Sublayers.Reverse().Where(gradient => gradient.Place.Address?.Stack == stack)];

    private static double Kept(IReadOnlyList<SublayerGradient> norms, Func<SublayerPlace, bool> through) =>
        norms
            .Zip(norms.Skip(1))
            .Where(pair => through(pair.Second.Place))
            .Aggregate(1.0, (kept, pair) => kept * pair.First.Norm / pair.Second.Norm);

    private static double? GeometricMean(IEnumerable<double> values) =>
        Math.Exp(values.Average(Math.Log)) is var mean && double.IsFinite(mean) ? mean : null;
}

/// <summary>A value and the sublayer that it is of.</summary>
/// <param name="Place">The sublayer.</param>
/// <param name="Value">The value.</param>
internal sealed record PlacedValue(SublayerPlace Place, double Value);
