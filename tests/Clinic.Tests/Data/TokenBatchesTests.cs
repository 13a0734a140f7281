using CsCheck;
using TransformerClinic.Data;

namespace TransformerClinic.Tests.Data;

public class TokenBatchesTests
{
    private static readonly Gen<ParallelExample[]> Sets = Gen.Select(Gen.Int[1, 40], Gen.Int[1, 40])
        .Select((source, target) => Example(source, target))
        .Array[1, 200];

    [Fact]
    public void Every_example_is_in_one_batch()
    {
        Gen.Select(Sets, Gen.Int[1, 300], Gen.Int[1, 20], Gen.Int[0, 5])
            .Sample(
                (set, budget, sentences, epoch) =>
                {
                    var batches = new TokenBatches(set, budget, sentences);
                    return HoldsAllOnce(batches.Epoch(1, epoch), set.Length)
                        && HoldsAllOnce(batches.InOrderOfLength(), set.Length);
                }
            );
    }

    [Fact]
    public void Rows_times_the_longest_side_stay_within_the_budget_unless_the_batch_is_one_example()
    {
        Gen.Select(Sets, Gen.Int[1, 300], Gen.Int[1, 20])
            .Sample(
                (set, budget, sentences) =>
                {
                    var batches = new TokenBatches(set, budget, sentences);
                    return batches
                        .Epoch(1, 0)
                        .Concat(batches.InOrderOfLength())
                        .Select(batches.Make)
                        .All(batch =>
                            batch.Size <= sentences
                            && (
                                batch.Size == 1
                                || batch.Size * Math.Max(batch.SourceLength, batch.TargetLength) <= budget
                            )
                        );
                }
            );
    }

    [Fact]
    public void No_batch_could_have_taken_the_first_example_of_the_next()
    {
        Gen.Select(Sets, Gen.Int[1, 300])
            .Sample(
                (set, budget) =>
                {
                    var batches = new TokenBatches(set, budget).InOrderOfLength();
                    return batches
                        .Zip(batches.Skip(1))
                        .All(pair => Longest(set, [.. pair.First, pair.Second[0]]) * (pair.First.Length + 1) > budget);
                }
            );
    }

    [Fact]
    public void For_validation_lengths_only_grow()
    {
        Sets.Sample(set =>
        {
            var lengths = new TokenBatches(set, 100)
                .InOrderOfLength()
                .SelectMany(batch => batch)
                .Select(i => Longest(set, [i]))
                .ToList();
            return lengths.SequenceEqual(lengths.Order());
        });
    }

    [Fact]
    public void An_epoch_depends_only_on_seed_and_number()
    {
        var examples = HelpCorpus.Prepared.Valid.Examples;
        var (one, other) = (new TokenBatches(examples, 500), new TokenBatches(examples, 500));
        _ = one.Epoch(1, 0);
        _ = one.InOrderOfLength();
        Assert.Equal(one.Epoch(1, 3), other.Epoch(1, 3));
        Assert.NotEqual(one.Epoch(1, 3), one.Epoch(1, 4));
        Assert.NotEqual(one.Epoch(1, 3), one.Epoch(2, 3));
    }

    [Fact]
    public void Epochs_differ_in_which_examples_share_a_batch_and_in_the_order_of_batches()
    {
        var batches = new TokenBatches(HelpCorpus.Prepared.Train.All, 2048);
        var (first, second) = (batches.Epoch(1, 0), batches.Epoch(1, 1));
        Assert.NotEqual(Sorted(first), Sorted(second));
        var lengths = first.Select(batch => batch.Length).ToList();
        Assert.NotEqual(lengths.OrderDescending(), lengths);

        static IEnumerable<string> Sorted(IReadOnlyList<int[]> epoch) =>
            epoch.Select(batch => string.Join(' ', batch.Order())).Order(StringComparer.Ordinal);
    }

    [Fact]
    public void Less_than_a_twentieth_of_the_help_corpus_is_padding()
    {
        var batches = new TokenBatches(HelpCorpus.Prepared.Train.All, 2048);
        var (cells, tokens) = (0L, 0L);
        foreach (var batch in batches.Epoch(1, 0).Select(batches.Make))
        {
            cells += batch.Source.Length + batch.Target.Length;
            tokens += batch.SourceTokens + batch.TargetTokens;
        }

        Assert.InRange((double)(cells - tokens) / cells, 0.001, 0.05);
    }

    [Fact]
    public void An_empty_set_and_limits_of_nothing_are_refused()
    {
        var set = new[] { Example(2, 2) };
        Assert.Throws<ArgumentException>(() => new TokenBatches([], 100));
        Assert.Throws<ArgumentOutOfRangeException>(() => new TokenBatches(set, 0));
        Assert.Throws<ArgumentOutOfRangeException>(() => new TokenBatches(set, 100, 0));
    }

    private static ParallelExample Example(int source, int target) => new(new int[source], new int[target]);

    private static bool HoldsAllOnce(IReadOnlyList<int[]> batches, int count) =>
        batches.All(batch => batch.Length > 0)
        && batches.SelectMany(batch => batch).Order().SequenceEqual(Enumerable.Range(0, count));

    private static int Longest(ParallelExample[] set, int[] examples) =>
        examples.Max(i => Math.Max(set[i].Source.Length, set[i].Target.Length));
}
