using TransformerClinic.Text;

namespace TransformerClinic.Data;

/// <summary>Training, validation and test text with the subword model that was learned on the training text.</summary>
/// <param name="Subwords">The joint subword model.</param>
/// <param name="Train">Training pairs; lines that cannot be trained on were dropped and counted.</param>
/// <param name="Valid">Validation pairs; none is dropped but for an empty side.</param>
/// <param name="Test">Test pairs, all of them; null without a test set.</param>
public sealed record PreparedCorpus(SubwordModel Subwords, PreparedSet Train, PreparedSet Valid, PreparedSet? Test)
{
    /// <summary>Reads the files, learns the subword model, and turns all text into ids.</summary>
    /// <exception cref="UserErrorException">A file is missing or damaged, or nothing is left to train on.</exception>
    public static PreparedCorpus Prepare(DataOptions data, SubwordOptions subwordOptions, string baseFolder, IProgress<(int Done, int Total)>? progress = null, CancellationToken cancellation = default)
    {
        TextNormalizer.Require();
        var train = Read("data.train", data.Train, data, baseFolder);
        var valid = Read("data.valid", data.Valid, data, baseFolder);
        var test = data.Test.Length == 0 ? null : Read("data.test", data.Test, data, baseFolder);
        var subwords = SubwordModel.Learn(train.Pairs.SelectMany(pair => new[] { pair.Source, pair.Target }), subwordOptions, progress, cancellation);
        return new PreparedCorpus(
            subwords,
            Encode("train", train, subwords, example => WhyNotTrain(example, data)),
            Encode("valid", valid, subwords, WhyNotScore),
            test is null ? null : Encode("test", test, subwords, _ => null));
    }

    private static ParallelText Read(string key, string spec, DataOptions data, string baseFolder)
    {
        if (spec.Length == 0)
        {
            throw new UserErrorException($"{key} is not set: it names the file with the pairs. {data.Obtain}".TrimEnd());
        }

        foreach (var path in ParallelText.Paths(spec, baseFolder).Where(path => !Path.Exists(path)))
        {
            throw new UserErrorException($"{key}: there is no file {path}. {data.Obtain}".TrimEnd());
        }

        return ParallelText.Read(spec, baseFolder);
    }

    private static PreparedSet Encode(string set, ParallelText text, SubwordModel subwords, Func<ParallelExample, string?> whyNot)
    {
        var ledger = new LedgerBuilder(set);
        var pairs = new List<SentencePair>(text.Pairs.Count);
        var examples = new List<ParallelExample>(text.Pairs.Count);
        for (var i = 0; i < text.Pairs.Count; i++)
        {
            var pair = text.Pairs[i];
            var example = new ParallelExample(Ids(pair.Source, subwords), Ids(pair.Target, subwords));
            if (whyNot(example) is { } reason)
            {
                ledger.Drop(reason, i + 1);
                continue;
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

    private static string? WhyNotScore(ParallelExample example) =>
        example.Source.Length == 1 || example.Target.Length == 1 ? "with an empty side" : null;

    private static string? WhyNotTrain(ParallelExample example, DataOptions data)
    {
        var (shorter, longer) = example.Source.Length < example.Target.Length
            ? (example.Source.Length, example.Target.Length)
            : (example.Target.Length, example.Source.Length);
        return WhyNotScore(example)
            ?? (longer > data.MaxLength ? FormattableString.Invariant($"longer than {data.MaxLength} subwords") : null)
            ?? (longer > data.MaxLengthRatio * shorter ? FormattableString.Invariant($"with one side over {data.MaxLengthRatio} times as long as the other") : null);
    }
}
