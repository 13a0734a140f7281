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
    private const double BytesPerMegabyte = 1e6;

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
    )
    {
        progress ??= new Unwatched();
        OptionCheck.Valid(subwordOptions, "subwords");
        return Prepare(
            data,
            train => Learn(train, subwordOptions, progress, cancellation),
            maxPositions,
            baseFolder,
            progress,
            cancellation
        );
    }

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
    ) => Prepare(data, _ => subwords, maxPositions, baseFolder, progress ?? new Unwatched(), cancellation);

    private static PreparedCorpus Prepare(
        DataOptions data,
        Func<IReadOnlyList<SentencePair>, SubwordModel> subwordsOf,
        int maxPositions,
        string baseFolder,
        IPreparationProgress progress,
        CancellationToken cancellation
    )
    {
        OptionCheck.Valid(data, "data");
        var (train, valid, test) = Read(data, baseFolder, progress, cancellation);
        var subwords = subwordsOf(train.Pairs);
        var total = train.Pairs.Count + valid.Pairs.Count + (test?.Pairs.Count ?? 0);
        return progress.Stage(
            PreparationStage.Encoding,
            total,
            done =>
            {
                var encoder = new SetEncoder(subwords, done, cancellation);
                return new PreparedCorpus(
                    subwords,
                    encoder.Encode("train", train, example => WhyNotTrain(example, data, maxPositions)),
                    encoder.Encode("valid", valid, example => WhyNotScore(example, maxPositions)),
                    test is null ? null : encoder.Encode("test", test, _ => null, maxPositions)
                );
            }
        );
    }

    private static (ParallelText Train, ParallelText Valid, ParallelText? Test) Read(
        DataOptions data,
        string baseFolder,
        IPreparationProgress progress,
        CancellationToken cancellation
    )
    {
        RequireFiles("data.train", data.Train, data, baseFolder);
        RequireFiles("data.valid", data.Valid, data, baseFolder);
        RequireFiles("data.test", data.Test, data, baseFolder);
        ParallelFiles[] sets = data.Test.IsNone ? [data.Train, data.Valid] : [data.Train, data.Valid, data.Test];

        var languages = LanguagePair.Of(data.SourceLanguage, data.TargetLanguage);
        var total = sets.SelectMany(set => set.FullPaths(baseFolder)).Sum(Bytes) / BytesPerMegabyte;
        return progress.Stage(
            PreparationStage.Reading,
            total,
            done =>
            {
                var before = 0L;
                ParallelText Next(ParallelFiles files)
                {
                    var megabytes = new Megabytes(done, before);
                    var text = ParallelText.Read(files, baseFolder, languages, megabytes, cancellation);
                    before = megabytes.Bytes;
                    return text;
                }

                return (Next(data.Train), Next(data.Valid), data.Test.IsNone ? null : Next(data.Test));
            }
        );
    }

    private static void RequireFiles(string key, ParallelFiles files, DataOptions data, string baseFolder)
    {
        if (files.Missing(baseFolder) is { } missing)
        {
            throw new UserErrorException($"{key}: {missing} {data.Obtain}".TrimEnd());
        }
    }

    /// <summary>The bytes of a file; infinite where nobody knows, as of a pipe.</summary>
    private static double Bytes(string path) =>
        File.Exists(path) && new FileInfo(path).Length is > 0 and var length ? length : double.PositiveInfinity;

    private static SubwordModel Learn(
        IReadOnlyList<SentencePair> pairs,
        SubwordOptions options,
        IPreparationProgress progress,
        CancellationToken cancellation
    )
    {
        var lines = pairs.SelectMany(pair => new[] { pair.Source, pair.Target });
        var words = progress.Stage(
            PreparationStage.CountingWords,
            2.0 * pairs.Count,
            done => WordCounts.Of(lines, options.Normalization, done, cancellation)
        );
        return progress.Stage(
            PreparationStage.LearningMerges,
            options.Merges,
            done => BytePairModel.Learn(words, options, done, cancellation)
        );
    }

    private static string? WhyNotScore(ParallelExample example, int limit) =>
        example.Source.Length == 1 || example.Target.Length == 1 ? "with an empty side"
        : example.LongerSide > limit ? SetEncoder.TooLong(limit)
        : null;

    private static string? WhyNotTrain(ParallelExample example, DataOptions data, int maxPositions) =>
        WhyNotScore(example, Math.Min(data.MaxLength, maxPositions))
        ?? (
            example.LongerSide > data.MaxLengthRatio * Math.Min(example.Source.Length, example.Target.Length)
                ? FormattableString.Invariant($"with one side over {data.MaxLengthRatio} times as long as the other")
                : null
        );

    private sealed class Unwatched : IPreparationProgress
    {
        public T Stage<T>(PreparationStage stage, double total, Func<IProgress<double>, T> work) =>
            work(new Progress<double>());
    }

    /// <summary>From the bytes of one set to the megabytes of all.</summary>
    private sealed class Megabytes(IProgress<double> inner, long before) : IProgress<long>
    {
        /// <summary>Bytes of all sets so far.</summary>
        public long Bytes { get; private set; }

        public void Report(long value)
        {
            Bytes = before + value;
            inner.Report(Bytes / BytesPerMegabyte);
        }
    }
}
