using TransformerClinic.Bench.Data;
using TransformerClinic.Common;
using TransformerClinic.Data;
using TransformerClinic.Text;

namespace TransformerClinic.Bench.Training;

/// <summary>What to train on: full batches of random ids, or batches of real text with their padding.</summary>
internal static class BenchmarkBatches
{
    private const string Corpus = "corpora/libreoffice-help";
    private const int Batches = 64;

    /// <summary>Both sides of every example have the configuration's length; nothing is padded.</summary>
    public static TokenBatches Full(TrainingConfiguration configuration)
    {
        var count = Batches * Math.Max(1, configuration.TokensPerBatch / configuration.Length);
        return new TokenBatches(
            RandomPairs.Draw(count, configuration.Length, configuration.Length, seed: 1, configuration.Vocabulary),
            configuration.TokensPerBatch
        );
    }

    /// <summary>
    /// The training text that comes with the project, split into subwords from a vocabulary about as large as the
    /// configuration's.
    /// </summary>
    /// <exception cref="UserErrorException">
    /// The text is missing: the command was not run in the project's folder.
    /// </exception>
    public static TokenBatches RealText(TrainingConfiguration configuration)
    {
        var data = new DataOptions
        {
            Train = new($"{Corpus}/train.de-en.tsv"),
            Valid = new($"{Corpus}/valid.de-en.tsv"),
            Obtain = "Run the command in the project's folder.",
        };
        var corpus = PreparedCorpus.Prepare(
            data,
            new SubwordOptions { Merges = configuration.Vocabulary - 500 },
            configuration.Model.MaxPositions,
            Environment.CurrentDirectory
        );
        return new TokenBatches([.. corpus.Train.All.CopyAll().Select(Clip)], configuration.TokensPerBatch);

        // The measured model has exactly the configuration's vocabulary.
        ParallelExample Clip(ParallelExample example) =>
            new([.. example.Source.Select(Within)], [.. example.Target.Select(Within)]);
        int Within(int id) => Math.Min(id, configuration.Vocabulary - 1);
    }
}
