using System.Text.Json.Serialization;
using TransformerClinic.Common;
using TransformerClinic.Files;

namespace TransformerClinic.Comparisons;

/// <summary>
/// Candidates trained from the same text, seeds, order of data and budget: what <c>comparison.json</c> holds, and what
/// recommendations rest on.
/// </summary>
internal sealed record ComparisonResults
{
    /// <summary>The file.</summary>
    public const string FileName = "comparison.json";

    /// <summary>The version of this format.</summary>
    public const int CurrentFormat = 2;

    /// <summary>The version of its format.</summary>
    public int Format { get; init; } = CurrentFormat;

    /// <summary>The recipe's name.</summary>
    public required string Recipe { get; init; }

    /// <summary>Whether all of its trainings have ended.</summary>
    public bool Complete { get; init; } = true;

    /// <summary>What the trainings share.</summary>
    public required ComparisonSetting Setting { get; init; }

    /// <summary>Machine and versions, one fact per line.</summary>
    public IReadOnlyList<string> Environment { get; init; } = [];

    /// <summary>What else there is to know of these numbers.</summary>
    public string Note { get; init; } = "";

    /// <summary>The trainings of the search for learning rates, candidate by candidate.</summary>
    public IReadOnlyList<ComparedRun> Search { get; init; } = [];

    /// <summary>The trainings that are compared, candidate by candidate, seed by seed.</summary>
    public required IReadOnlyList<ComparedRun> Runs { get; init; }

    /// <summary>All candidates, in the order in which they were named.</summary>
    [JsonIgnore]
    public IReadOnlyList<Candidate> Candidates =>
        [.. Search.Concat(Runs).Select(run => run.Candidate).DistinctBy(candidate => candidate.Key)];

    /// <summary>Reads a file.</summary>
    /// <exception cref="UserErrorException">It is missing, damaged or of another format.</exception>
    public static ComparisonResults Read(string path)
    {
        var results = Json.Read<ComparisonResults>(path);
        return results.Format == CurrentFormat
            ? results
            : throw new UserErrorException(
                $"{path}: this comparison has format {results.Format}, and this version reads format {CurrentFormat}."
            );
    }
}

/// <summary>What the trainings of a comparison share.</summary>
/// <param name="EncoderLayers">Layers of the encoder.</param>
/// <param name="DecoderLayers">Layers of the decoder.</param>
/// <param name="Dim">Width of the residual stream.</param>
/// <param name="FeedForwardDim">Width of the feed-forward sublayers.</param>
/// <param name="Languages">Source and target language.</param>
/// <param name="TrainingPairs">Training pairs that were kept.</param>
/// <param name="TokensPerBatch">Limit of a batch, padding included, times the batches of an update.</param>
/// <param name="WarmUpUpdates">Updates over which the learning rate rises.</param>
/// <param name="Rates">The learning rates that were tried; empty without a search.</param>
/// <param name="Budget">How long each training was, in words.</param>
internal sealed record ComparisonSetting(
    int EncoderLayers,
    int DecoderLayers,
    int Dim,
    int FeedForwardDim,
    string Languages,
    long? TrainingPairs,
    long TokensPerBatch,
    int WarmUpUpdates,
    IReadOnlyList<double> Rates,
    string Budget
);
