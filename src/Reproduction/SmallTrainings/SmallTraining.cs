using System.Text.Json.Serialization;
using TransformerClinic.Model;
using TransformerClinic.Residuals;
using TransformerClinic.Training;

namespace TransformerClinic.Reproduction.SmallTrainings;

/// <summary>A training of a small model on one thread: everything that decides its result.</summary>
/// <param name="Text">What it reads.</param>
/// <param name="Model">The model.</param>
/// <param name="Training">
/// How it is trained; the parts for runs with a folder (validation, checkpoints, averages) are not used.
/// </param>
/// <param name="Seed">Decides initial weights, order of the data and dropout.</param>
public sealed record SmallTraining(TrainingText Text, ModelOptions Model, TrainingOptions Training, long Seed)
{
    /// <summary>Whether the final weights are kept for measurements.</summary>
    [JsonIgnore]
    public bool KeepsWeights { get; init; }

    /// <summary>Sublayers of both stacks.</summary>
    [JsonIgnore]
    public int Sublayers => (2 * Model.Encoder.Layers) + (3 * Model.Decoder.Layers);

    /// <summary>A narrow model without dropout: feed-forward twice as wide as the stream, four heads.</summary>
    public static ModelOptions Narrow(
        ResidualVariant encoder,
        int encoderLayers,
        ResidualVariant decoder,
        int decoderLayers,
        int dim
    ) =>
        new()
        {
            Encoder = new StackOptions { Layers = encoderLayers, Variant = encoder },
            Decoder = new StackOptions { Layers = decoderLayers, Variant = decoder },
            Dim = dim,
            Heads = 4,
            FeedForwardDim = 2 * dim,
            Dropout = 0,
        };

    /// <summary>The same with one variant and depth in both stacks.</summary>
    public static ModelOptions Narrow(ResidualVariant variant, int layers, int dim) =>
        Narrow(variant, layers, variant, layers, dim);
}
