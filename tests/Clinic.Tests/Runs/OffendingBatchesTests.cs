using System.Text.Json.Nodes;
using TransformerClinic.Data;
using TransformerClinic.Runs;
using TransformerClinic.Tests.Data.Stored;
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

    [Fact]
    public void Without_the_files_of_a_stored_set_the_ids_are_kept_and_it_is_said_that_the_text_is_not()
    {
        using var folder = new TemporaryFolder();
        using var set = StoredSets.Make(folder.PathOf("corpus"), StoredSets.Random(30, 50, seed: 1), 50, 10);
        var incident = new Incident(
            IncidentKind.NotFinite,
            7,
            "its loss is not finite",
            "",
            [new OffendingBatch(0, "hash", [25, 3])],
            Treatment.Skipped
        );

        var kept = new OffendingBatches(folder.PathOf("offending"), set).Keep(incident, new TrainingState(), "");

        Assert.False(File.Exists(folder.PathOf($"{kept}/batch.tsv")));
        var batch = JsonNode.Parse(File.ReadAllText(folder.PathOf($"{kept}/batch.json")))!;
        Assert.StartsWith("not here: the files of the training set are no longer", batch["texts"]!.GetValue<string>());
        var example = batch["batches"]![0]!["examples"]![0]!;
        Assert.Equal(set.Number(25), example["example"]!.GetValue<int>());
        Assert.Equal(set.Copy(25).Source, example["source"]!.AsArray().Select(id => id!.GetValue<int>()));
    }
}
