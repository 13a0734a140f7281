using System.Text.Json;
using CsCheck;
using TransformerClinic.Common;
using TransformerClinic.Data;
using TransformerClinic.Text;

namespace TransformerClinic.Tests.Data;

public class BatchTests
{
    private static readonly Gen<int[]> Sentence = Gen.Int[Vocabulary.Marks, 99]
        .Array[0, 9]
        .Select(ids => (int[])[.. ids, Vocabulary.EndOfSentence]);

    /// <summary>
    /// The reference implementation's collation of eight pairs. Its sources are all of one length there, because it
    /// pads sources on the left, and we on the right.
    /// </summary>
    [Fact]
    public void Target_and_previous_output_equal_those_of_the_reference()
    {
        var path = Path.Combine(GoldenFolder.Path, "data", "collated.json");
        using var golden = JsonDocument.Parse(File.ReadAllText(path));
        var (sources, previous, targets) = (Rows("source"), Rows("previousOutput"), Rows("target"));
        var examples = sources
            .Zip(
                targets,
                (source, target) => new ParallelExample(source, [.. target.TakeWhile(id => id != Vocabulary.Pad)])
            )
            .ToList();

        var batch = new Batch(examples, [.. Enumerable.Range(0, examples.Count)]);
        Assert.Equal(Flat(sources), batch.Source);
        Assert.Equal(Flat(previous), batch.PreviousOutput);
        Assert.Equal(Flat(targets), batch.Target);
        Assert.Equal(golden.RootElement.GetProperty("targetTokens").GetInt32(), batch.TargetTokens);

        int[][] Rows(string name) => golden.RootElement.GetProperty(name).Deserialize<int[][]>()!;
        static IEnumerable<long> Flat(int[][] rows) => rows.SelectMany(row => row).Select(id => (long)id);
    }

    [Fact]
    public void Each_row_is_its_example_padded_on_the_right()
    {
        var sets = Gen.Select(Sentence, Sentence).Select((source, target) => new ParallelExample(source, target)).Array[
            1,
            12
        ];
        sets.Sample(set =>
        {
            var rows = CounterRandom.Permutation(set.Length, 1, "rows", 0)[..((set.Length + 1) / 2)];
            var batch = new TokenBatches(set, 100).Make(rows);
            Assert.Equal(rows, batch.Examples);
            Assert.Equal(rows.Max(i => set[i].Source.Length), batch.SourceLength);
            Assert.Equal(rows.Max(i => set[i].Target.Length), batch.TargetLength);
            for (var row = 0; row < rows.Length; row++)
            {
                var (source, target) = (set[rows[row]].Source, set[rows[row]].Target);
                Assert.Equal(Padded(source, batch.SourceLength), Row(batch.Source, row, batch.SourceLength));
                Assert.Equal(Padded(target, batch.TargetLength), Row(batch.Target, row, batch.TargetLength));
                Assert.Equal(
                    Padded([Vocabulary.EndOfSentence, .. target[..^1]], batch.TargetLength),
                    Row(batch.PreviousOutput, row, batch.TargetLength)
                );
            }

            Assert.Equal(batch.Source.Count(id => id != Vocabulary.Pad), batch.SourceTokens);
            Assert.Equal(batch.Target.Count(id => id != Vocabulary.Pad), batch.TargetTokens);
        });
    }

    private static IEnumerable<long> Padded(int[] ids, int length) =>
        ids.Concat(Enumerable.Repeat(Vocabulary.Pad, length - ids.Length)).Select(id => (long)id);

    private static IEnumerable<long> Row(long[] ids, int row, int length) => ids.Skip(row * length).Take(length);
}
