using TransformerClinic.Model;

namespace TransformerClinic.Bench.Prediction;

/// <summary>A training with its prediction, as <c>docs/data/prediction.json</c> holds it.</summary>
internal sealed record PublishedRow(
    string Source,
    string Encoder,
    int EncoderLayers,
    string Decoder,
    int DecoderLayers,
    double LearningRate,
    int WarmUpUpdates,
    long Seed,
    double? Nll,
    bool Trained,
    double FirstStep,
    double PeakStep,
    double Amplification,
    double Similarity,
    double OutputChange,
    double Limit,
    bool Trains,
    bool Close
)
{
    public static PublishedRow Of(PredictedTraining training)
    {
        var (known, signs, prediction) = (training.Known, training.Signs, training.Prediction);
        return new PublishedRow(
            known.Source,
            known.Encoder.Variant.Key(),
            known.Encoder.Layers,
            known.Decoder.Variant.Key(),
            known.Decoder.Layers,
            known.Training.Schedule.LearningRate,
            known.Training.Schedule.WarmUpUpdates,
            known.Seed,
            known.Nll,
            known.Trained,
            signs.FirstStep,
            signs.PeakStep,
            signs.Amplification,
            signs.Similarity,
            prediction.OutputChange,
            prediction.Limit,
            prediction.Trains,
            prediction.Close
        );
    }
}
