using TransformerClinic.Data;
using TransformerClinic.Runs;
using TransformerClinic.Training;
using TransformerClinic.Training.Divergence;

namespace TransformerClinic.Tests.Runs;

public class OffendingBatchesTests
{
    [Fact]
    public void A_batch_is_kept_as_text_in_two_columns_whatever_the_text_holds()
    {
        using var folder = new TemporaryFolder();
        var train = new PreparedSet(
            [new("mit\tTab", "with\ttab"), new("a", "b"), new("x\ry", "\u2028z")],
            [.. Enumerable.Repeat(new ParallelExample([1], [1]), 3)],
            new Ledger("train", 3, 3, []),
            new Dictionary<string, string>(StringComparer.Ordinal)
        );
        var incident = new Incident(
            IncidentKind.NotFinite,
            7,
            "its loss is not finite",
            "",
            [new OffendingBatch(0, "hash", [2, 0])],
            Treatment.Skipped
        );

        var kept = new OffendingBatches(folder.PathOf("offending"), train).Keep(
            incident,
            new TrainingState(),
            undone: ""
        );

        Assert.Equal("x y\t z\nmit Tab\twith tab\n", File.ReadAllText(folder.PathOf($"{kept}/batch.tsv")));
    }
}
