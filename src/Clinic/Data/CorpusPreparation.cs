using TransformerClinic.Common;
using TransformerClinic.Data.Parts;
using TransformerClinic.Text;

namespace TransformerClinic.Data;

/// <summary>
/// Prepares text. The training text is never in memory as a whole: a first pass over it counts its words, a second one
/// turns it into ids. Validation and test text are in memory.
/// </summary>
/// <param name="data">Where the text is.</param>
/// <param name="maxPositions">
/// Longest sequence that the model takes, with the end mark: no example is longer.
/// </param>
/// <param name="baseFolder">Where relative paths start.</param>
/// <param name="progress">Watches the stages.</param>
/// <param name="cancellation">Ends the work.</param>
internal sealed class CorpusPreparation(
    DataOptions data,
    int maxPositions,
    string baseFolder,
    IPreparationProgress progress,
    CancellationToken cancellation
)
{
    /// <summary>
    /// Where the training text goes as ids, from the subword model and how many pairs were read;
    /// by default into memory.
    /// </summary>
    public Func<SubwordModel, long, ITrainingSink> Sink { get; init; } = (_, _) => new HeldTraining();

    /// <summary>
    /// A folder with the counted words of the text's parts, which are then not counted again; null for none. Subwords
    /// are the same with it and without it.
    /// </summary>
    public string? Counts { get; init; }

    /// <summary>Learns subwords from the training text, and turns all text into ids.</summary>
    /// <param name="options">How subwords are learned.</param>
    /// <exception cref="UserErrorException">
    /// An option has a value that is not allowed, a file is missing or damaged, or nothing is left to train on.
    /// </exception>
    /// <exception cref="OperationCanceledException">The token was canceled.</exception>
    public PreparedCorpus Learn(SubwordOptions options)
    {
        OptionCheck.Valid(options, "subwords");
        var (words, read) =
            Counts is not null && CountsFolder.In(Counts) is { } parts
                ? FromParts(parts, options.Normalization)
                : FromText(options.Normalization);
        var subwords = progress.Stage(
            PreparationStage.LearningMerges,
            options.Merges,
            done => BytePairModel.Learn(words, options, done, cancellation)
        );
        return Encode(read, subwords);
    }

    /// <summary>Turns all text into ids of an existing subword model.</summary>
    /// <param name="subwords">The model.</param>
    /// <exception cref="UserErrorException">
    /// An option has a value that is not allowed, a file is missing or damaged, or nothing is left to train on.
    /// </exception>
    /// <exception cref="OperationCanceledException">The token was canceled.</exception>
    public PreparedCorpus With(SubwordModel subwords) => Encode(Read(PreparationStage.Reading, Pass), subwords);

    /// <summary>Turns validation and test text into ids, for a training set that is there already.</summary>
    /// <param name="train">The training set.</param>
    /// <param name="subwords">The model of its ids.</param>
    /// <exception cref="UserErrorException">
    /// An option has a value that is not allowed, or a file is missing or damaged.
    /// </exception>
    /// <exception cref="OperationCanceledException">The token was canceled.</exception>
    public PreparedCorpus Around(ITrainingSet train, SubwordModel subwords) =>
        Encode(Read(PreparationStage.Reading, see: null), subwords, train);

    private (WordCounts Words, ReadText Read) FromText(Normalization normalization)
    {
        WordCounts? words = null;
        var read = Read(
            PreparationStage.CountingWords,
            pairs => words = WordCounts.Of(Sentences(pairs), normalization, cancellation)
        );
        return (words!, read);
    }

    private (WordCounts Words, ReadText Read) FromParts(CountsFolder parts, Normalization normalization)
    {
        var read = Read(PreparationStage.Reading, Pass);
        var words = progress.Stage(
            PreparationStage.AddingCounts,
            parts.Parts,
            done => parts.Sum(data.Train, baseFolder, normalization, done, cancellation)
        );
        return (words, read);
    }

    private static void Pass(IEnumerable<ReadPair> pairs)
    {
        foreach (var _ in pairs)
        {
            // Only read, to find what is wrong with it before anything is made of it.
        }
    }

    private static IEnumerable<string> Sentences(IEnumerable<ReadPair> pairs)
    {
        foreach (var read in pairs)
        {
            yield return read.Pair.Source;
            yield return read.Pair.Target;
        }
    }

    /// <summary>Reads all text once; that of training passes by, unless nobody needs to see it.</summary>
    private ReadText Read(PreparationStage stage, Action<IEnumerable<ReadPair>>? see)
    {
        OptionCheck.Valid(data, "data");
        var train = see is null ? ParallelFiles.None : data.Train;
        data.Require("data.train", train, baseFolder);
        data.Require("data.valid", data.Valid, baseFolder);
        data.Require("data.test", data.Test, baseFolder);
        ParallelFiles[] sets = [train, data.Valid, data.Test];
        var languages = LanguagePair.Of(data.SourceLanguage, data.TargetLanguage);
        var total = Megabytes.Of(sets.SelectMany(set => set.FullPaths(baseFolder)).Sum(Bytes));
        return progress.Stage(
            stage,
            total,
            done =>
            {
                var bytes = new ByteProgress(new Megabytes(done));
                var source = see is null ? null : new PairSource(data.Train, baseFolder, languages);
                var pass = source?.Read(bytes.Next(), cancellation);
                see?.Invoke(pass!.Pairs());
                ParallelText Next(ParallelFiles files) =>
                    ParallelText.Read(files, baseFolder, languages, bytes.Next(), cancellation);
                return new ReadText(
                    source,
                    pass?.Account ?? SetAccount.Nothing,
                    Next(data.Valid),
                    data.Test.IsNone ? null : Next(data.Test)
                );
            }
        );
    }

    private PreparedCorpus Encode(ReadText read, SubwordModel subwords, ITrainingSet? train = null)
    {
        var total = read.Account.Pairs + read.Valid.Pairs.Count + (read.Test?.Pairs.Count ?? 0);
        return progress.Stage(
            PreparationStage.Encoding,
            total,
            done =>
            {
                var encoder = new SetEncoder(subwords, done, cancellation);
                return new PreparedCorpus(
                    subwords,
                    train ?? Train(read, subwords, encoder),
                    encoder.Encode("valid", read.Valid, data.Valid, example => WhyNotScore(example, maxPositions)),
                    read.Test is null
                        ? null
                        : encoder.Encode("test", read.Test, data.Test, _ => null, longestSource: maxPositions)
                )
                {
                    Weights = [.. data.Train.Corpora.Select(corpus => corpus.Weight)],
                };
            }
        );
    }

    private ITrainingSet Train(ReadText read, SubwordModel subwords, SetEncoder encoder)
    {
        using var sink = Sink(subwords, read.Account.Pairs);
        var pass = read.Train!.Read(progress: null, cancellation);
        var ledger = encoder.Encode(
            "train",
            pass.Pairs(),
            data.Train,
            () => Unchanged(pass.Account, read.Account),
            WhyNotTrain,
            longestSource: int.MaxValue,
            sink.Add
        );
        return sink.Finish(ledger, read.Account.Hashes);
    }

    /// <summary>What the second pass has read, which must be what the first one has.</summary>
    private static SetAccount Unchanged(SetAccount now, SetAccount before) =>
        now.Hashes.FirstOrDefault(file => before.Hashes[file.Key] != file.Value) is { Key: { } path }
            ? throw new UserErrorException(
                $"{path}: the file changed while it was being prepared. Run it again once the file is complete."
            )
            : now;

    /// <summary>The bytes of a file; infinite where nobody knows, as of a pipe.</summary>
    private static double Bytes(string path) =>
        File.Exists(path) && new FileInfo(path).Length is > 0 and var length ? length : double.PositiveInfinity;

    private static string? WhyNotScore(ParallelExample example, int limit) =>
        example.Source.Length == 1 || example.Target.Length == 1 ? "with an empty side"
        : example.LongerSide > limit ? SetEncoder.TooLong(limit)
        : null;

    private string? WhyNotTrain(ParallelExample example) =>
        WhyNotScore(example, Math.Min(data.MaxLength, maxPositions))
        ?? (
            example.LongerSide > data.MaxLengthRatio * Math.Min(example.Source.Length, example.Target.Length)
                ? FormattableString.Invariant($"with one side over {data.MaxLengthRatio} times as long as the other")
                : null
        );

    /// <summary>All text after the first pass.</summary>
    private sealed record ReadText(PairSource? Train, SetAccount Account, ParallelText Valid, ParallelText? Test);
}
