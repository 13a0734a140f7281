using CsCheck;
using TransformerClinic.Data;
using TransformerClinic.Data.Epochs;
using TransformerClinic.Training;

namespace TransformerClinic.Tests.Data.Stored;

/// <summary>Epochs over stored sets.</summary>
public sealed class StoredBatchesTests : IDisposable
{
    private const int Words = 50;

    private readonly TemporaryFolder _folder = new();
    private int _sets;

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Batches_of_one_shard_are_those_of_the_same_examples_in_memory()
    {
        var examples = HelpCorpus.Prepared.Valid.Examples;
        var vocabulary = HelpCorpus.Prepared.Subwords.Vocabulary.Count;
        using var set = StoredSets.Make(_folder.PathOf("set"), examples, vocabulary);
        var (held, stored) = (new TokenBatches(examples, 1000), new TokenBatches(set, 1000));

        Assert.Equal(held.InOrderOfLength(), stored.InOrderOfLength());
        for (var epoch = 0; epoch < 3; epoch++)
        {
            Assert.Equal(held.Epoch(7, epoch), stored.Epoch(7, epoch));
        }

        var (one, other) = (new BatchCursor(held, 7), new BatchCursor(stored, 7));
        for (var i = 0; i < 2 * held.Epoch(7, 0).Count; i++)
        {
            var (expected, found) = (one.Next(), other.Next());
            Assert.Equal(expected.Source, found.Source);
            Assert.Equal(expected.Target, found.Target);
            Assert.Equal(expected.PreviousOutput, found.PreviousOutput);
        }
    }

    [Fact]
    public void Every_example_occurs_once_in_an_epoch_of_many_shards_in_an_order_of_seed_and_epoch()
    {
        Gen.Select(Gen.Int[1, 150], Gen.Int[5, 200], Gen.Int[0, 5], Gen.Long[0, 3])
            .Sample(
                (count, budget, epoch, seed) =>
                {
                    using var folder = new TemporaryFolder();
                    var examples = StoredSets.Random(count, Words, count);
                    using var set = StoredSets.Make(folder.PathOf("set"), examples, Words, pairsPerShard: 10);
                    var (one, other) = (new TokenBatches(set, budget), new TokenBatches(set, budget));
                    var walked = one.Epoch(seed, epoch);
                    _ = other.Epoch(seed, epoch + 1);
                    Assert.Equal(Enumerable.Range(0, count), walked.SelectMany(batch => batch).Order());
                    Assert.Equal(walked, other.Epoch(seed, epoch));
                },
                iter: 40
            );
    }

    [Fact]
    public void Epochs_differ_in_the_order_of_shards_and_of_batches()
    {
        using var set = Many(300);
        var batches = new TokenBatches(set, 60);
        var orders = Enumerable.Range(0, 5).Select(epoch => string.Join(' ', batches.ShardsOf(1, epoch))).Distinct();
        Assert.True(orders.Count() > 3);
        var shard = batches.Shard(1, 0, 1);
        var again = batches.Shard(1, 1, 1);
        Assert.NotEqual(
            Enumerable.Range(0, shard.Count).Select(shard.Examples),
            Enumerable.Range(0, again.Count).Select(again.Examples)
        );
    }

    [Fact]
    public void From_any_place_another_cursor_continues_as_the_first_would_have()
    {
        using var set = Many(120);
        var batches = new TokenBatches(set, 60);
        var perEpoch = batches.Epoch(3, 0).Count;
        Gen.Int[0, 3 * perEpoch]
            .Sample(
                steps =>
                {
                    var cursor = new BatchCursor(batches, 3);
                    for (var i = 0; i < steps; i++)
                    {
                        cursor.Next();
                    }

                    var resumed = new BatchCursor(batches, 3);
                    resumed.Seek(cursor.Epoch, cursor.ExamplesSeen);
                    for (var i = 0; i < 5; i++)
                    {
                        Assert.Equal(cursor.Next().Source, resumed.Next().Source);
                        Assert.Equal((cursor.Epoch, cursor.ExamplesSeen), (resumed.Epoch, resumed.ExamplesSeen));
                    }
                },
                iter: 40,
                threads: 1
            );
        Assert.Throws<ArgumentException>(() => new BatchCursor(batches, 3).Seek(0, 121));
        Assert.Throws<ArgumentException>(() => new BatchCursor(batches, 3).Seek(0, -1));
    }

    [Fact]
    public void A_walk_makes_one_shard_after_the_other_and_a_search_skips_those_before_it()
    {
        using var stored = Many(200);
        var watched = new Watched(stored);
        var batches = new TokenBatches(watched, 60);
        var cursor = new BatchCursor(batches, 1);
        var order = batches.ShardsOf(1, 0);
        watched.Touched.Clear();
        while (cursor.Epoch == 0)
        {
            cursor.Next();
        }

        // Each shard's examples were read in one stretch, so that one shard was open at a time.
        Assert.Equal([.. order, batches.ShardsOf(1, 1)[0]], watched.Touched);

        watched.Touched.Clear();
        var before = order.Take(order.Length - 1).Sum(shard => (long)stored.Shard(shard).Count);
        new BatchCursor(batches, 1).Seek(0, before);
        Assert.Empty(watched.Touched);
    }

    [Fact]
    public void Weights_say_how_often_examples_of_a_file_occur()
    {
        using var set = Many(3000, corpora: 3);
        var rules = new EpochRules(CorpusWeights.Of([2, 1, 0.25]));
        var batches = new TokenBatches(set, 60, rules: rules);
        var (first, second) = (Occurrences(0), Occurrences(1));

        Assert.All(Enumerable.Range(0, 3000), i => Assert.True(IsAllowed(first[i], set.Corpus(i))));
        Assert.InRange(Enumerable.Range(0, 3000).Where(i => set.Corpus(i) == 2).Sum(i => first[i]), 200, 300);
        Assert.NotEqual(first, second);
        Assert.Equal(first, Occurrences(0));

        int[] Occurrences(int epoch)
        {
            var found = new int[3000];
            foreach (var example in batches.Epoch(1, epoch).SelectMany(batch => batch))
            {
                found[example]++;
            }

            return found;
        }

        static bool IsAllowed(int times, int corpus) =>
            corpus switch
            {
                0 => times == 2,
                1 => times == 1,
                _ => times is 0 or 1,
            };
    }

    [Fact]
    public void With_weights_a_place_is_found_again_too()
    {
        using var set = Many(100, corpora: 2);
        var batches = new TokenBatches(set, 60, rules: new EpochRules(CorpusWeights.Of([1.5, 0.5])));
        var cursor = new BatchCursor(batches, 1);
        for (var i = 0; i < 70; i++)
        {
            cursor.Next();
            var resumed = new BatchCursor(batches, 1);
            resumed.Seek(cursor.Epoch, cursor.ExamplesSeen);
            var same = new BatchCursor(batches, 1);
            same.Seek(cursor.Epoch, cursor.ExamplesSeen);
            Assert.Equal(same.Next().Source, resumed.Next().Source);
        }
    }

    [Fact]
    public void A_weight_of_one_for_all_files_is_no_weight_and_weights_of_nothing_are_refused()
    {
        Assert.Null(CorpusWeights.Of([1, 1]));
        Assert.Throws<ArgumentException>(() => CorpusWeights.Of([0, 0]));
        Assert.Throws<ArgumentException>(() => CorpusWeights.Of([-1, 1]));
        Assert.Throws<ArgumentException>(() => CorpusWeights.Of([double.NaN]));
    }

    private TransformerClinic.Data.Stored.StoredSet Many(int count, int corpora = 1) =>
        StoredSets.Make(
            _folder.PathOf($"set-{_sets++}"),
            StoredSets.Random(count, Words, seed: 1),
            Words,
            pairsPerShard: 10,
            corpora
        );

    /// <summary>Notes which shards are read, in their order.</summary>
    private sealed class Watched(IExamples examples) : IExamples
    {
        public List<int> Touched { get; } = [];

        public int Count => examples.Count;

        public int ShardCount => examples.ShardCount;

        public (int First, int Count) Shard(int shard) => examples.Shard(shard);

        public int Number(int example) => examples.Number(Noted(example));

        public int Corpus(int example) => examples.Corpus(Noted(example));

        public int SourceLength(int pair) => examples.SourceLength(Noted(pair));

        public int TargetLength(int pair) => examples.TargetLength(Noted(pair));

        public void CopySource(int pair, Span<long> to) => examples.CopySource(Noted(pair), to);

        public void CopyTarget(int pair, Span<long> to) => examples.CopyTarget(Noted(pair), to);

        private int Noted(int example)
        {
            var shard = Enumerable
                .Range(0, ShardCount)
                .Single(i => Shard(i) is var (first, count) && example >= first && example < first + count);
            if (Touched.Count == 0 || Touched[^1] != shard)
            {
                Touched.Add(shard);
            }

            return example;
        }
    }
}
