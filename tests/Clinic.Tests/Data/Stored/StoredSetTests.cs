using CsCheck;
using TransformerClinic.Common;
using TransformerClinic.Data;
using TransformerClinic.Data.Stored;

namespace TransformerClinic.Tests.Data.Stored;

public sealed class StoredSetTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    private string Path => _folder.PathOf("corpus");

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void What_is_read_is_what_was_written_whatever_the_vocabulary_and_the_shards()
    {
        Gen.Select(
                Gen.Int[1, 200],
                Gen.OneOf(Gen.Const(50), Gen.Int[65_535, 65_538], Gen.Const(200_000)),
                Gen.Int[1, 60],
                Gen.Int[1, 3]
            )
            .Sample(
                (count, vocabulary, perShard, corpora) =>
                {
                    using var folder = new TemporaryFolder();
                    var examples = StoredSets.Random(count, vocabulary, seed: count);
                    using var set = StoredSets.Make(folder.PathOf("set"), examples, vocabulary, perShard, corpora);
                    Assert.Equal(count, set.Count);
                    Assert.Equal(HashOf(examples), set.HashOfIds());
                    Assert.Equal(
                        UnigramNll.Counts(examples.SelectMany(example => example.Target), vocabulary),
                        set.TargetCounts(vocabulary)
                    );
                    var numbers = Enumerable.Range(0, count).Select(set.Number).ToList();
                    Assert.Equal(Enumerable.Range(0, count), numbers.Order());
                    for (var i = 0; i < count; i++)
                    {
                        var copy = set.Copy(i);
                        Assert.Equal(examples[numbers[i]].Source, copy.Source);
                        Assert.Equal(examples[numbers[i]].Target, copy.Target);
                        Assert.Equal((numbers[i] % corpora, numbers[i] + 1L), set.Place(i));
                    }
                },
                iter: 40
            );
    }

    [Fact]
    public void Shards_are_neighbors_that_cover_the_set_and_one_shard_is_in_the_order_of_reading()
    {
        var examples = StoredSets.Random(100, 50, seed: 1);
        using var many = StoredSets.Make(_folder.PathOf("many"), examples, 50, pairsPerShard: 10);
        using var one = StoredSets.Make(_folder.PathOf("one"), examples, 50, pairsPerShard: 100);

        Assert.True(many.ShardCount > 5, $"{many.ShardCount} shards");
        var next = 0;
        for (var shard = 0; shard < many.ShardCount; shard++)
        {
            var (first, count) = many.Shard(shard);
            Assert.Equal(next, first);
            next += count;
            var numbers = Enumerable.Range(first, count).Select(many.Number).ToList();
            Assert.Equal(numbers.Order(), numbers);
        }

        Assert.Equal(100, next);
        Assert.Equal(1, one.ShardCount);
        Assert.Equal(Enumerable.Range(0, 100), Enumerable.Range(0, 100).Select(one.Number));
    }

    [Fact]
    public void A_writer_that_is_not_finished_leaves_nothing_and_what_was_there_stays()
    {
        var examples = StoredSets.Random(20, 50, seed: 1);
        StoredSets.Write(Path, examples, 50);
        using (var writer = new StoredSetWriter(Path, 1000, 50, pairsPerShard: 10))
        {
            foreach (var example in examples)
            {
                writer.Add(example.Source, example.Target, 0, 1);
            }
        }

        Assert.Equal([Path], Directory.GetFileSystemEntries(_folder.FullName));
        using var set = StoredSet.Open(Path);
        Assert.Equal(20, set.Count);
    }

    [Fact]
    public void A_folder_with_other_files_is_not_replaced()
    {
        Directory.CreateDirectory(Path);
        File.WriteAllText(System.IO.Path.Combine(Path, "thesis.docx"), "");

        var refused = Assert.Throws<UserErrorException>(() => new StoredSetWriter(Path, 1, 50));

        Assert.Contains(
            "contains something other than a stored training set (for example thesis.docx)",
            refused.Message
        );
    }

    [Fact]
    public void Ids_outside_of_the_vocabulary_and_empty_sides_are_refused()
    {
        using var writer = new StoredSetWriter(Path, 10, 50);
        Assert.Throws<ArgumentOutOfRangeException>(() => writer.Add([50], [1], 0, 1));
        Assert.Throws<ArgumentOutOfRangeException>(() => writer.Add([1], [-1], 0, 1));
        Assert.Throws<ArgumentException>(() => writer.Add([], [1], 0, 1));
    }

    [Fact]
    public void A_set_without_examples_is_refused_with_its_ledger()
    {
        using var writer = new StoredSetWriter(Path, 3, 50);
        var refused = Assert.Throws<UserErrorException>(() =>
            writer.Finish(
                new Ledger("train", 3, 0, [new LedgerEntry("with an empty side", 3, [1, 2, 3])]),
                new Dictionary<string, string>(StringComparer.Ordinal),
                StoredSets.Subwords,
                StoredSets.NoOrigin
            )
        );
        Assert.StartsWith("No pair of the train set can be used. train: 0 of 3 pairs kept", refused.Message);
    }

    [Theory]
    [InlineData("00000.ids")]
    [InlineData("00000.index")]
    [InlineData("target-counts")]
    [InlineData("subwords.json")]
    [InlineData("manifest.json")]
    public void A_byte_that_changed_anywhere_or_a_file_that_is_missing_or_short_is_found_and_named(string name)
    {
        var examples = StoredSets.Random(30, 50, seed: 1);
        StoredSets.Write(Path, examples, 50);
        var file = System.IO.Path.Combine(Path, name);
        var bytes = File.ReadAllBytes(file);

        File.WriteAllBytes(file, bytes[..^2]);
        Assert.Contains(name == "manifest.json" ? "JSON" : "damaged", Refused().Message);
        if (name != "manifest.json") // whose own numbers have no hash
        {
            Gen.Int[0, bytes.Length - 1]
                .Sample(
                    at =>
                    {
                        byte[] changed = [.. bytes];
                        changed[at] ^= 1;
                        File.WriteAllBytes(file, changed);
                        Assert.StartsWith($"{file}: this file of a stored training set is damaged", Refused().Message);
                    },
                    iter: 20,
                    threads: 1
                );
        }

        File.Delete(file);
        Assert.Contains(name, Refused().Message);

        UserErrorException Refused() => Assert.Throws<UserErrorException>(ReadAll);
    }

    [Fact]
    public void Files_that_agree_with_their_hashes_and_say_what_cannot_be_are_not_believed()
    {
        StoredSets.Write(Path, StoredSets.Random(5, 50, seed: 1), 50);
        var index = System.IO.Path.Combine(Path, "00000.index");
        var ids = System.IO.Path.Combine(Path, "00000.ids");
        var (goodIndex, goodIds) = (File.ReadAllBytes(index), File.ReadAllBytes(ids));

        Gen.Int[0, goodIndex.Length - 1]
            .Select(Gen.Byte)
            .Sample(
                (at, value) =>
                {
                    byte[] changed = [.. goodIndex];
                    changed[at] = value;
                    Forge(index, goodIndex, changed);
                    try
                    {
                        ReadAll(); // another line or number is as good as the one before
                    }
                    catch (UserErrorException exception)
                    {
                        Assert.Contains("says what cannot be", exception.Message);
                    }
                    finally
                    {
                        Forge(index, changed, goodIndex);
                    }
                },
                iter: 300,
                threads: 1
            );

        byte[] high = [.. goodIds];
        high[1] = 0xff;
        Forge(ids, goodIds, high);
        Assert.Contains("is not one of the vocabulary", Assert.Throws<UserErrorException>(ReadAll).Message);

        void Forge(string file, byte[] before, byte[] after)
        {
            File.WriteAllBytes(file, after);
            var manifest = System.IO.Path.Combine(Path, "manifest.json");
            File.WriteAllText(manifest, File.ReadAllText(manifest).Replace(Hash(before), Hash(after)));
        }

        string Hash(byte[] bytes) => TransformerClinic.Files.ContentHash.Of(bytes);
    }

    [Fact]
    public void Another_version_and_a_folder_without_a_set_are_refused_in_words()
    {
        Assert.Contains("there is no stored training set here", Assert.Throws<UserErrorException>(ReadAll).Message);
        StoredSets.Write(Path, StoredSets.Random(5, 50, seed: 1), 50);
        var manifest = System.IO.Path.Combine(Path, "manifest.json");
        File.WriteAllText(manifest, File.ReadAllText(manifest).Replace("\"version\": 1", "\"version\": 7"));
        Assert.Contains("(format 7, this one has 1)", Assert.Throws<UserErrorException>(ReadAll).Message);
    }

    private void ReadAll()
    {
        using var set = StoredSet.Open(Path);
        Assert.Equal(set.Count, set.CopyAll().Length);
        set.TargetCounts(50);
        set.Subwords();
    }

    private static string HashOf(IReadOnlyList<ParallelExample> examples) =>
        new PreparedSet([], examples, new Ledger("train", 0, 0, []), new Dictionary<string, string>()).HashOfIds();
}
