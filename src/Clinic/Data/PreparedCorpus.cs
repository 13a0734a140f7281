using TransformerClinic.Text;

namespace TransformerClinic.Data;

/// <summary>Training, validation and test text with the subword model that was learned on the training text.</summary>
/// <param name="Subwords">The joint subword model.</param>
/// <param name="Train">Training pairs; lines that cannot be trained on were dropped and counted.</param>
/// <param name="Valid">Validation pairs; those with an empty side or too long for the model were dropped and counted.</param>
/// <param name="Test">
/// Test pairs, all of them, because a score is of the whole set; the ids of those too long for the model were cut and counted.
/// Null without a test set.
/// </param>
public sealed record PreparedCorpus(SubwordModel Subwords, PreparedSet Train, PreparedSet Valid, PreparedSet? Test)
{
    /// <summary>Reads the files, learns the subword model, and turns all text into ids.</summary>
    /// <param name="data">Where the text lies.</param>
    /// <param name="subwordOptions">How the subword model is learned.</param>
    /// <param name="maxPositions">
    /// Longest sequence that the model takes, with the end mark: no example is longer.
    /// </param>
    /// <param name="baseFolder">Where relative paths start.</param>
    /// <param name="progress">Merges learned, of how many.</param>
    /// <param name="cancellation">Ends the work.</param>
    /// <exception cref="UserErrorException">A file is missing or damaged, or nothing is left to train on.</exception>
    /// <exception cref="OperationCanceledException">The token was cancelled.</exception>
    public static PreparedCorpus Prepare(DataOptions data, SubwordOptions subwordOptions, int maxPositions, string baseFolder, IProgress<(int Done, int Total)>? progress = null, CancellationToken cancellation = default) =>
        Prepare(
            data,
            train => SubwordModel.Learn(
                train.Pairs.SelectMany(pair => new[] { pair.Source, pair.Target }),
                subwordOptions,
                progress,
                cancellation),
            maxPositions,
            baseFolder,
            cancellation);

    /// <summary>Reads the files and turns all text into ids of a subword model that is there already.</summary>
    /// <param name="data">Where the text lies.</param>
    /// <param name="subwords">The subword model.</param>
    /// <param name="maxPositions">
    /// Longest sequence that the model takes, with the end mark: no example is longer.
    /// </param>
    /// <param name="baseFolder">Where relative paths start.</param>
    /// <param name="cancellation">Ends the work.</param>
    /// <exception cref="UserErrorException">A file is missing or damaged, or nothing is left to train on.</exception>
    /// <exception cref="OperationCanceledException">The token was cancelled.</exception>
    public static PreparedCorpus Prepare(
        DataOptions data,
        SubwordModel subwords,
        int maxPositions,
        string baseFolder,
        CancellationToken cancellation = default) =>
        Prepare(data, _ => subwords, maxPositions, baseFolder, cancellation);

    private static PreparedCorpus Prepare(
        DataOptions data,
        Func<ParallelText, SubwordModel> subwordsOf,
        int maxPositions,
        string baseFolder,
        CancellationToken cancellation)
    {
        var train = Read("data.train", data.Train, data, baseFolder);
        var valid = Read("data.valid", data.Valid, data, baseFolder);
        var test = string.IsNullOrWhiteSpace(data.Test) ? null : Read("data.test", data.Test, data, baseFolder);
        var subwords = subwordsOf(train);
        return new PreparedCorpus(
            subwords,
            Encode("train", train, subwords, example => WhyNotTrain(example, data, maxPositions), int.MaxValue, cancellation),
            Encode("valid", valid, subwords, example => WhyNotScore(example, maxPositions), int.MaxValue, cancellation),
            test is null ? null : Encode("test", test, subwords, _ => null, maxPositions, cancellation));
    }

    private static ParallelText Read(string key, string spec, DataOptions data, string baseFolder)
    {
        if (string.IsNullOrWhiteSpace(spec))
        {
            throw new UserErrorException($"{key} is not set: it names the file with the pairs. {data.Obtain}".TrimEnd());
        }

        foreach (var path in ParallelText.Paths(spec, baseFolder).Where(path => !Path.Exists(path)))
        {
            throw new UserErrorException($"{key}: there is no file {path}. {data.Obtain}".TrimEnd());
        }

        return ParallelText.Read(spec, baseFolder);
    }

    private static PreparedSet Encode(string set, ParallelText text, SubwordModel subwords, Func<ParallelExample, string?> whyNot, int cutAt, CancellationToken cancellation)
    {
        var ledger = new LedgerBuilder(set);
        var pairs = new List<SentencePair>(text.Pairs.Count);
        var examples = new List<ParallelExample>(text.Pairs.Count);
        for (var i = 0; i < text.Pairs.Count; i++)
        {
            cancellation.ThrowIfCancellationRequested();
            var pair = text.Pairs[i];
            var example = new ParallelExample(Ids(pair.Source, subwords), Ids(pair.Target, subwords));
            if (whyNot(example) is { } reason)
            {
                ledger.Drop(reason, i + 1);
                continue;
            }

            if (LongerSide(example) > cutAt)
            {
                example = new ParallelExample(Cut(example.Source, cutAt), Cut(example.Target, cutAt));
                ledger.Shorten(TooLong(cutAt), i + 1);
            }

            ledger.Keep();
            pairs.Add(pair);
            examples.Add(example);
        }

        var built = ledger.Build();
        return examples.Count > 0
            ? new PreparedSet(pairs, examples, built, text.Hashes)
            : throw new UserErrorException($"No pair of the {set} set can be used. {built}");
    }

    private static int[] Ids(string line, SubwordModel subwords) => [.. subwords.Encode(line), Vocabulary.EndOfSentence];

    private static int[] Cut(int[] ids, int length) => ids.Length <= length ? ids : [.. ids[..(length - 1)], Vocabulary.EndOfSentence];

    private static int LongerSide(ParallelExample example) => Math.Max(example.Source.Length, example.Target.Length);

    private static string TooLong(int limit) => FormattableString.Invariant($"longer than {limit} subwords");

    private static string? WhyNotScore(ParallelExample example, int limit) =>
        example.Source.Length == 1 || example.Target.Length == 1 ? "with an empty side"
        : LongerSide(example) > limit ? TooLong(limit)
        : null;

    private static string? WhyNotTrain(ParallelExample example, DataOptions data, int maxPositions) =>
        WhyNotScore(example, Math.Min(data.MaxLength, maxPositions))
        ?? (LongerSide(example) > data.MaxLengthRatio * Math.Min(example.Source.Length, example.Target.Length)
            ? FormattableString.Invariant($"with one side over {data.MaxLengthRatio} times as long as the other")
            : null);
}
