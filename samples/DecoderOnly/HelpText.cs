namespace Samples.DecoderOnly;

/// <summary>English sentences of help pages as numbers of characters.</summary>
internal sealed class HelpText
{
    private readonly Dictionary<char, long> _numbers;

    private HelpText(string training, string heldOut)
    {
        _numbers = training
            .Distinct()
            .Order()
            .Index()
            .ToDictionary(entry => entry.Item, entry => (long)entry.Index + 1);
        Training = Encode(training);
        HeldOut = Encode(heldOut);
        var counts = Training
            .CountBy(number => number)
            .ToDictionary(entry => entry.Key, entry => (double)entry.Value / Training.Length);
        FrequencyLoss = -HeldOut.Where(counts.ContainsKey).Average(number => Math.Log(counts[number]));
    }

    /// <summary>Kinds of characters; 0 is any that the training text does not have.</summary>
    public int Kinds => _numbers.Count + 1;

    /// <summary>The text to train on.</summary>
    public long[] Training { get; }

    /// <summary>Text of other pages.</summary>
    public long[] HeldOut { get; }

    /// <summary>The held-out loss of a model that knows only how frequent each character is, in nats.</summary>
    public double FrequencyLoss { get; }

    /// <summary>Reads the text that comes with the sample.</summary>
    public static HelpText Load() => new(English("train.de-en.tsv"), English("valid.de-en.tsv"));

    private static string English(string file) =>
        string.Join(
            '\n',
            File.ReadLines(Path.Combine(AppContext.BaseDirectory, "corpus", file)).Select(line => line.Split('\t')[1])
        );

    private long[] Encode(string text) => [.. text.Select(character => _numbers.GetValueOrDefault(character))];
}
