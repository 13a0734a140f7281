using System.Text.Json;

namespace TransformerClinic.Cli.Tests.Commands;

[Trait("Speed", "Slow")]
public class CheckpointsCommandTests
{
    [Fact]
    public void Checkpoints_are_listed_and_a_damaged_one_is_named()
    {
        using var tiny = new TinyRun();
        var trained = InProcess.Run(
            "train",
            tiny.Recipe,
            "--run",
            tiny.Run,
            "--set",
            "training.maxUpdates=13",
            "--set",
            "training.validateEvery=3",
            "--set",
            "training.keepLast=2"
        );
        Assert.True(trained.ExitCode == 0, trained.Error);

        var whole = InProcess.Run("checkpoints", tiny.Run, "--verify", "--json");
        Assert.True(whole.ExitCode == 0, whole.Error);
        using (var json = JsonDocument.Parse(whole.Output))
        {
            var listed = json.RootElement.GetProperty("checkpoints").EnumerateArray().ToList();
            Assert.Equal([9, 12, 13], listed.Select(checkpoint => checkpoint.GetProperty("update").GetInt64()));
            Assert.Equal(
                ["newest", "newest", "stopped"],
                listed.Select(checkpoint => checkpoint.GetProperty("keptBecause")[0].GetString())
            );
            Assert.Contains(
                listed,
                checkpoint =>
                    checkpoint.GetProperty("keptBecause").EnumerateArray().Any(because => because.GetString() == "best")
            );
            Assert.All(
                listed,
                checkpoint => Assert.Equal(JsonValueKind.Null, checkpoint.GetProperty("damage").ValueKind)
            );
            Assert.All(
                listed,
                checkpoint => Assert.InRange(checkpoint.GetProperty("bytes").GetInt64(), 10_000, 10_000_000)
            );
            Assert.InRange(listed[^1].GetProperty("validationLoss").GetDouble(), 0.1, 10);
        }

        var weights = Path.Combine(tiny.Run, "checkpoints/update-000012/model.safetensors");
        var bytes = File.ReadAllBytes(weights);
        bytes[^1] ^= 1;
        File.WriteAllBytes(weights, bytes);
        File.WriteAllText(Path.Combine(tiny.Run, "checkpoints/update-000009/state.json"), "{");

        var damaged = InProcess.Run("checkpoints", tiny.Run, "--verify");
        Assert.Equal(1, damaged.ExitCode);
        Assert.Contains(
            "model.safetensors is not what was written (its hash differs)",
            damaged.Output,
            StringComparison.Ordinal
        );
        Assert.Contains("2 of 3 checkpoints damaged", damaged.Error, StringComparison.Ordinal);
        Assert.Contains("stopped", damaged.Output, StringComparison.Ordinal);

        // Without --verify only what the state files show.
        var unverified = InProcess.Run("checkpoints", tiny.Run);
        Assert.Equal(1, unverified.ExitCode);
        Assert.Contains("1 of 3 checkpoints damaged", unverified.Error, StringComparison.Ordinal);
        Assert.Contains("hashes not checked", unverified.Output, StringComparison.Ordinal);

        Assert.Equal(
            0,
            InProcess.Run("checkpoints", Path.Combine(tiny.Run, "checkpoints/update-000013"), "--verify").ExitCode
        );
        Assert.Equal(
            1,
            InProcess.Run("checkpoints", Path.Combine(tiny.Run, "checkpoints/update-000012"), "--verify").ExitCode
        );
        var mistaken = InProcess.Run("checkpoints", tiny.PathOf("nothing"));
        Assert.Equal(2, mistaken.ExitCode);
        Assert.Contains("neither a run folder", mistaken.Error, StringComparison.Ordinal);
    }
}
