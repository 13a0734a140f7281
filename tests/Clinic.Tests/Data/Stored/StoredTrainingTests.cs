using TransformerClinic.Data;
using TransformerClinic.Data.Stored;
using TransformerClinic.Text;

namespace TransformerClinic.Tests.Data.Stored;

/// <summary>Text that is prepared onto the disk, next to the same in memory.</summary>
public sealed class StoredTrainingTests : IDisposable
{
    private static readonly SubwordOptions Subwords = new() { Merges = 50 };

    private readonly TemporaryFolder _folder = new();
    private readonly DataOptions _data;

    public StoredTrainingTests()
    {
        _folder.Write("a.tsv", string.Concat(Enumerable.Range(0, 5000).Select(i => $"Wort {i}\tword {i} word\n")));
        _folder.Write("b.tsv", "ein Haus\ta house\n\tempty\nzwei Häuser\ttwo houses\n");
        _folder.Write("valid.tsv", "Wort\tword\n");
        _data = new DataOptions { Train = new([new(["a.tsv"]), new(["b.tsv"], 3)]), Valid = new("valid.tsv") };
    }

    private string Stored => _folder.PathOf("stored");

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void It_is_the_same_as_in_memory_example_by_example()
    {
        var held = Preparation(new Watch()).Learn(Subwords);
        var corpus = Store(new Watch());
        using var stored = Assert.IsType<StoredSet>(corpus.Train);

        Assert.True(held.Subwords.IsSameAs(corpus.Subwords));
        Assert.Equal(held.Train.HashOfIds(), stored.HashOfIds());
        Assert.Equal(held.Train.Ledger.ToString(), stored.Ledger.ToString());
        Assert.Equal(held.Train.Hashes, stored.Hashes);
        Assert.Equal(5002, stored.Count);
        var all = held.Train.All;
        foreach (var i in new[] { 0, 1023, 1024, 4999, 5000, 5001 })
        {
            Assert.Equal(all.Copy(i).Source, stored.Copy(i).Source);
            Assert.Equal(all.Copy(i).Target, stored.Copy(i).Target);
            Assert.Equal(all.Corpus(i), stored.Corpus(i));
        }

        Assert.Equal((1, 3L), stored.Place(5001));
        Assert.Equal([1.0, 3.0], corpus.Weights);
    }

    [Theory]
    [InlineData(PreparationStage.CountingWords)]
    [InlineData(PreparationStage.LearningMerges)]
    [InlineData(PreparationStage.Encoding)]
    public void Stopped_at_any_stage_it_leaves_nothing(object stage)
    {
        using var stop = new CancellationTokenSource();
        var before = Entries();
        Assert.Throws<OperationCanceledException>(() =>
            Store(new Watch((PreparationStage)stage, stop.Cancel), stop.Token)
        );
        Assert.Equal(before, Entries());
    }

    [Fact]
    public void Text_that_turns_out_to_be_damaged_leaves_nothing()
    {
        var before = Entries();
        var changed = new Watch(PreparationStage.Encoding, () => _folder.Write("a.tsv", "Wort\tword\n"));
        Assert.Throws<TransformerClinic.Common.UserErrorException>(() => Store(changed));
        Assert.Equal(before, Entries());
    }

    private List<string> Entries() =>
        [.. Directory.GetFileSystemEntries(_folder.FullName).Order(StringComparer.Ordinal)];

    private PreparedCorpus Store(Watch watch, CancellationToken? stop = null)
    {
        var origin = new StoredOrigin(new Dictionary<string, string>(StringComparer.Ordinal), []);
        return Preparation(watch, stop, (subwords, pairs) => new StoredTraining(Stored, pairs, subwords, _ => origin))
            .Learn(Subwords);
    }

    private CorpusPreparation Preparation(
        Watch watch,
        CancellationToken? stop = null,
        Func<SubwordModel, long, ITrainingSink>? sink = null
    ) =>
        new(_data, 100, _folder.FullName, watch, stop ?? TestContext.Current.CancellationToken)
        {
            Sink = sink ?? ((_, _) => new HeldTraining()),
        };

    /// <summary>Does something when the first work of a stage is reported, or when the stage begins.</summary>
    private sealed class Watch(PreparationStage? stage = null, Action? act = null) : IPreparationProgress
    {
        public T Stage<T>(PreparationStage now, double total, Func<IProgress<double>, T> work)
        {
            if (now == stage)
            {
                act!();
            }

            return work(new Progress<double>());
        }
    }
}
