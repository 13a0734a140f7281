namespace TransformerClinic.Fuzz;

/// <summary>
/// The inputs that are mutated further: the first ones, and of every outcome a random sample of fixed size (Vitter
/// 1985, algorithm R), so that no outcome crowds out another however often it comes, and memory stays bounded however
/// long it takes.
/// </summary>
internal sealed class Corpus(IReadOnlyList<byte[]> seeds, Random random)
{
    private const int SampleSize = 16;
    private const int MostOutcomes = 1000;
    private const string Others = "(further outcomes)";

    private readonly List<IReadOnlyList<byte[]>> _samples = [seeds];
    private readonly Dictionary<string, Sample> _outcomes = new(StringComparer.Ordinal);

    /// <summary>The outcomes seen, with how often.</summary>
    public IReadOnlyDictionary<string, long> Outcomes =>
        _outcomes.ToDictionary(outcome => outcome.Key, outcome => outcome.Value.Count, StringComparer.Ordinal);

    /// <summary>Number of inputs held.</summary>
    public int Count => _samples.Sum(sample => sample.Count);

    /// <summary>An input: every outcome is as likely as another.</summary>
    public byte[] Any()
    {
        var sample = _samples[random.Next(_samples.Count)];
        return sample[random.Next(sample.Count)];
    }

    /// <summary>Counts an outcome, and keeps its input or not.</summary>
    public void Add(string outcome, byte[] input)
    {
        var name = _outcomes.ContainsKey(outcome) || _outcomes.Count < MostOutcomes ? outcome : Others;
        if (!_outcomes.TryGetValue(name, out var sample))
        {
            _outcomes[name] = sample = new Sample();
            _samples.Add(sample.Inputs);
        }

        sample.Count++;
        if (sample.Inputs.Count < SampleSize)
        {
            sample.Inputs.Add(input);
        }
        else if (random.NextInt64(sample.Count) is var place && place < SampleSize)
        {
            sample.Inputs[(int)place] = input;
        }
    }

    private sealed class Sample
    {
        public long Count { get; set; }

        public List<byte[]> Inputs { get; } = [];
    }
}
