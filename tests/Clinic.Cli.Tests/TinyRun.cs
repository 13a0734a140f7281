namespace TransformerClinic.Cli.Tests;

/// <summary>A recipe and a corpus so small that a whole run takes seconds.</summary>
internal sealed class TinyRun : IDisposable
{
    private readonly TransformerClinic.Tests.TemporaryFolder _folder = new();

    public TinyRun()
    {
        Write("train.tsv", 400);
        Write("valid.tsv", 20);
        Write("test.tsv", 10);
        File.WriteAllText(Recipe, """
            name: tiny
            data:
              sourceLanguage: de
              targetLanguage: en
              train: train.tsv
              valid: valid.tsv
              test: test.tsv
            subwords:
              merges: 50
            model:
              encoder: { layers: 2, variant: admin }
              decoder: { layers: 2, variant: admin }
              dim: 16
              heads: 2
              feedForwardDim: 32
              dropout: 0.1
            training:
              tokensPerBatch: 200
              maxUpdates: 12
              validateEvery: 6
              checkpointEvery: 3
              keepLast: 3
              average: 2
              logEvery: 1
              schedule: { learningRate: 1e-2, warmUpUpdates: 4 }
            decoding:
              beam: 2
            """);
    }

    public string Recipe => PathOf("tiny.yaml");

    public string Run => PathOf("run");

    public string PathOf(string name) => Path.Combine(_folder.FullName, name);

    public void Dispose() => _folder.Dispose();

    /// <summary>Numbers counted in two languages: enough for subwords, batches and a loss that moves.</summary>
    private void Write(string name, int lines)
    {
        string[] german = ["null", "eins", "zwei", "drei", "vier", "fünf", "sechs", "sieben", "acht", "neun"];
        string[] english = ["zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine"];
        var pairs = Enumerable.Range(name.Length, lines).Select(i => i * 7919 % 1000).Select(i => new[] { i % 10, i / 10 % 10, i / 100 });
        File.WriteAllLines(PathOf(name), pairs.Select(digits =>
            $"{string.Join(' ', digits.Select(d => german[d]))} .\t{string.Join(' ', digits.Select(d => english[d]))} ."));
    }
}
