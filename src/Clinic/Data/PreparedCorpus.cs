using TransformerClinic.Common;
using TransformerClinic.Text;

namespace TransformerClinic.Data;

/// <summary>Training, validation and test text with the subword model that was learned on the training text.</summary>
/// <param name="Subwords">The joint subword model.</param>
/// <param name="Train">Training pairs; lines that cannot be trained on were dropped and counted.</param>
/// <param name="Valid">
/// Validation pairs; those with an empty side or too long for the model were dropped and counted.
/// </param>
/// <param name="Test">
/// Test pairs, all of them, because a score is of the whole set; those whose source is too long for the model are
/// counted: they are not translated, and are scored as empty. Null without a test set.
/// </param>
internal sealed record PreparedCorpus(SubwordModel Subwords, ITrainingSet Train, PreparedSet Valid, PreparedSet? Test)
{
    /// <summary>The weight of each training corpus: how often its pairs are in an epoch.</summary>
    public IReadOnlyList<double> Weights { get; init; } = [1];

    /// <summary>Reads the files, learns the subword model, and turns all text into ids.</summary>
    /// <param name="data">Where the text is.</param>
    /// <param name="subwordOptions">How the subword model is learned.</param>
    /// <param name="maxPositions">
    /// Longest sequence that the model takes, with the end mark: no example is longer.
    /// </param>
    /// <param name="baseFolder">Where relative paths start.</param>
    /// <param name="progress">Watches the stages; null for nobody.</param>
    /// <param name="cancellation">Ends the work.</param>
    /// <exception cref="UserErrorException">
    /// An option has a value that is not allowed, a file is missing or damaged, or nothing is left to train on.
    /// </exception>
    /// <exception cref="OperationCanceledException">The token was canceled.</exception>
    public static PreparedCorpus Prepare(
        DataOptions data,
        SubwordOptions subwordOptions,
        int maxPositions,
        string baseFolder,
        IPreparationProgress? progress = null,
        CancellationToken cancellation = default
    ) =>
        new CorpusPreparation(data, maxPositions, baseFolder, progress ?? new Unwatched(), cancellation).Learn(
            subwordOptions
        );

    /// <summary>Reads the files and turns all text into ids of an existing subword model.</summary>
    /// <param name="data">Where the text is.</param>
    /// <param name="subwords">The subword model.</param>
    /// <param name="maxPositions">
    /// Longest sequence that the model takes, with the end mark: no example is longer.
    /// </param>
    /// <param name="baseFolder">Where relative paths start.</param>
    /// <param name="progress">Watches the stages; null for nobody.</param>
    /// <param name="cancellation">Ends the work.</param>
    /// <exception cref="UserErrorException">
    /// An option has a value that is not allowed, a file is missing or damaged, or nothing is left to train on.
    /// </exception>
    /// <exception cref="OperationCanceledException">The token was canceled.</exception>
    public static PreparedCorpus Prepare(
        DataOptions data,
        SubwordModel subwords,
        int maxPositions,
        string baseFolder,
        IPreparationProgress? progress = null,
        CancellationToken cancellation = default
    ) =>
        new CorpusPreparation(data, maxPositions, baseFolder, progress ?? new Unwatched(), cancellation).With(subwords);

    private sealed class Unwatched : IPreparationProgress
    {
        public T Stage<T>(PreparationStage stage, double total, Func<IProgress<double>, T> work) =>
            work(new Progress<double>());
    }
}
