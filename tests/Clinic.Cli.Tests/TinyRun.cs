namespace TransformerClinic.Cli.Tests;

/// <summary>A recipe and a corpus so small that a whole run takes seconds.</summary>
internal sealed class TinyRun : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public TinyRun()
    {
        NumberWords.Write(PathOf("train.tsv"), 400);
        NumberWords.Write(PathOf("valid.tsv"), 20);
        NumberWords.Write(PathOf("test.tsv"), 10);
        File.WriteAllText(
            Recipe,
            """
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
            """
        );
    }

    public string Recipe => PathOf("tiny.yaml");

    public string Run => PathOf("run");

    public string PathOf(string name) => Path.Combine(_folder.FullName, name);

    public void Dispose() => _folder.Dispose();
}
