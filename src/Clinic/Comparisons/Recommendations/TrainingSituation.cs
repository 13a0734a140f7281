using System.Text.Json.Serialization;
using TransformerClinic.Data;
using TransformerClinic.Recipes;

namespace TransformerClinic.Comparisons.Recommendations;

/// <summary>What a remedy is wanted for.</summary>
/// <param name="Recipe">The recipe's name.</param>
/// <param name="EncoderLayers">Layers of the encoder.</param>
/// <param name="DecoderLayers">Layers of the decoder.</param>
/// <param name="Dim">Width of the residual stream.</param>
/// <param name="TrainingPairs">Training pairs; null if nobody said and the files are not there.</param>
/// <param name="TargetTokens">
/// Target tokens that it will train on, at most; null if only the clock ends it.
/// </param>
internal sealed record TrainingSituation(
    string Recipe,
    int EncoderLayers,
    int DecoderLayers,
    int Dim,
    long? TrainingPairs,
    long? TargetTokens
)
{
    /// <summary>Layers in short: <c>18+18</c>.</summary>
    [JsonIgnore]
    public string Depth => $"{EncoderLayers}+{DecoderLayers}";

    /// <summary>That of a recipe.</summary>
    /// <param name="recipe">The recipe.</param>
    /// <param name="pairs">Training pairs; null counts those of the files, if they are there.</param>
    /// <param name="tokens">Target tokens of the training; null takes what the recipe's end allows at most.</param>
    /// <param name="stop">Ends the counting.</param>
    /// <exception cref="OperationCanceledException">The token was canceled.</exception>
    public static TrainingSituation Of(Recipe recipe, long? pairs, long? tokens, CancellationToken stop) =>
        new(
            recipe.Name,
            recipe.Model.Encoder.Layers,
            recipe.Model.Decoder.Layers,
            recipe.Model.Dim,
            pairs ?? PairsOf(recipe.Data, stop),
            tokens ?? TokensOf(recipe)
        );

    private static long? PairsOf(DataOptions data, CancellationToken stop) =>
        data.Train.IsNone || data.Train.Missing(folder: "") is not null
            ? null
            : new PairSource(data.Train, baseFolder: "", LanguagePair.Of(data.SourceLanguage, data.TargetLanguage))
                .Read(progress: null, stop)
                .Pairs()
                .LongCount();

    // A batch holds no more target tokens than its limit, which counts padding, too.
    private static long? TokensOf(Recipe recipe)
    {
        var training = recipe.Training;
        var byUpdates = (long)training.MaxUpdates * training.TokensPerBatch * training.Accumulate;
        return training.MaxTokens > 0 ? Math.Min(training.MaxTokens, byUpdates)
            : training.MaxMinutes > 0 ? null
            : byUpdates;
    }
}
