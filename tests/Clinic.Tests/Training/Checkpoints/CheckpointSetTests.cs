using TransformerClinic.Common;
using TransformerClinic.Data;
using TransformerClinic.Tests.TestSupport;
using TransformerClinic.Training;
using TransformerClinic.Training.Checkpoints;
using TransformerClinic.Training.Distributed;
using static TorchSharp.torch;

namespace TransformerClinic.Tests.Training.Checkpoints;

/// <summary>
/// A checkpoint is a set of files: whatever is wrong with one is found and reported, and the newest intact set is used.
/// </summary>
public sealed class CheckpointSetTests : IDisposable
{
    private static readonly TrainingOptions Options = new() { TokensPerBatch = 100 };

    private readonly TemporaryFolder _folder = new();
    private readonly ModelReplicas _replicas = new(() => SmallModel.Create(), workers: 1, CPU);
    private readonly Trainer _trainer;
    private readonly CheckpointStore _store;

    public CheckpointSetTests()
    {
        _trainer = new Trainer(
            _replicas,
            new TokenBatches(Reversal.Examples(40, seed: 1), 100),
            new TokenBatches(Reversal.Examples(10, seed: 2), 100),
            Options,
            seed: 1
        );
        _store = new CheckpointStore(_folder.FullName);
    }

    private enum Fault
    {
        FlippedByte,
        CutShort,
        Missing,
    }

    public void Dispose()
    {
        _trainer.Dispose();
        _replicas.Dispose();
        _folder.Dispose();
    }

    [Fact]
    public void A_whole_set_is_whole()
    {
        Save(3);

        Assert.Null(Assert.Single(_store.List()).Damage());
        Assert.Equal(3, Resume().Update);
        Assert.Equal(
            ["SHA256SUMS", "model.safetensors", "optimizer.safetensors", "state.json"],
            Files(3).Order(StringComparer.Ordinal)
        );
    }

    [Fact]
    public void Any_fault_of_any_file_makes_the_set_before_it_be_taken()
    {
        foreach (var file in (string[])["model.safetensors", "optimizer.safetensors", "state.json", "SHA256SUMS"])
        {
            foreach (var fault in Enum.GetValues<Fault>())
            {
                Save(3);
                Save(6);
                Do(fault, PathOf(6, file));
                var said = new List<string>();

                var resumed = Resume(
                    (folder, reason, aside) =>
                        said.Add($"{Path.GetFileName(folder)} | {reason} | {Path.GetFileName(aside)}")
                );

                Assert.Equal(3, resumed.Update);
                Assert.Equal(3, _trainer.State.Update);
                Assert.StartsWith("update-000006 | ", Assert.Single(said), StringComparison.Ordinal);
                Assert.Contains(
                    file == "SHA256SUMS" && fault == Fault.FlippedByte ? "its hash differs" : file,
                    said[0],
                    StringComparison.Ordinal
                );
                Assert.Contains(" | update-000006.damaged", said[0], StringComparison.Ordinal);
                Assert.Equal(
                    [3],
                    _store
                        .List((folder, reason) => Assert.Fail($"{folder}: {reason}"))
                        .Select(checkpoint => checkpoint.Update)
                );
            }
        }

        Assert.Equal(12, Directory.GetDirectories(_folder.FullName, "update-000006.damaged*").Length);
    }

    [Fact]
    public void The_moving_average_is_part_of_the_set()
    {
        using var trainer = new Trainer(
            _replicas,
            new TokenBatches(Reversal.Examples(40, seed: 1), 100),
            new TokenBatches(Reversal.Examples(10, seed: 2), 100),
            Options with
            {
                Ema = 0.9,
            },
            seed: 1
        );
        var checkpoint = Checkpoint.Read(_store.Save(trainer, _replicas.Model, null));

        Assert.Equal(
            ["SHA256SUMS", "ema.safetensors", "model.safetensors", "optimizer.safetensors", "state.json"],
            Files(0).Order(StringComparer.Ordinal)
        );
        Assert.Equal(PathOf(0, "ema.safetensors"), checkpoint.ModelPath);
        Assert.Empty(checkpoint.Surplus);
        Assert.Null(checkpoint.Damage());

        Do(Fault.FlippedByte, checkpoint.ModelPath);
        Assert.Equal("ema.safetensors is not what was written (its hash differs)", checkpoint.Damage());
        Do(Fault.Missing, checkpoint.ModelPath);
        Assert.Equal("ema.safetensors is missing", checkpoint.Damage());
    }

    [Fact]
    public void A_list_of_hashes_that_lacks_a_file_is_no_whole_set()
    {
        Save(3);
        Save(6);
        File.WriteAllLines(
            PathOf(6, "SHA256SUMS"),
            File.ReadAllLines(PathOf(6, "SHA256SUMS"))
                .Where(line => !line.EndsWith("optimizer.safetensors", StringComparison.Ordinal))
        );

        Assert.Equal("SHA256SUMS has no line for optimizer.safetensors", _store.List()[^1].Damage());
        Assert.Equal(3, Resume((_, _, _) => { }).Update);
    }

    [Fact]
    public void Other_files_next_to_a_set_do_no_harm_and_are_named()
    {
        Save(3);
        File.WriteAllText(PathOf(3, "notes.txt"), "the good one");

        var checkpoint = Assert.Single(_store.List());

        Assert.Null(checkpoint.Damage());
        Assert.Equal(["notes.txt"], checkpoint.Surplus);
        Assert.Equal(3, Resume().Update);
    }

    [Fact]
    public void A_state_that_is_changed_without_ceasing_to_be_one_is_found()
    {
        Save(3);
        Save(6);
        File.WriteAllText(
            PathOf(6, "state.json"),
            File.ReadAllText(PathOf(6, "state.json"))
                .Replace("\"examplesSeen\": ", "\"examplesSeen\": 1", StringComparison.Ordinal)
        );

        Assert.Equal("state.json is not what was written (its hash differs)", _store.List()[^1].Damage());
        Assert.Equal(3, Resume((_, _, _) => { }).Update);
    }

    [Fact]
    public void A_set_under_the_name_of_another_update_is_refused()
    {
        Save(3);
        Directory.Move(_folder.PathOf("update-000003"), _folder.PathOf("update-000300"));
        var said = new List<string>();

        Assert.Empty(_store.List((folder, reason) => said.Add(reason)));

        Assert.Equal(["its state is that of update 3, which its name is not"], said);
    }

    [Fact]
    public void Of_another_format_no_more_is_read_than_that()
    {
        Save(3);
        File.WriteAllText(PathOf(3, "state.json"), """{"format":99,"whatever":{"is":"here"}}""");
        var said = new List<string>();

        Assert.Empty(_store.List((folder, reason) => said.Add(reason)));

        Assert.EndsWith("its format is 99, this version reads 2.", Assert.Single(said), StringComparison.Ordinal);
    }

    [Fact]
    public void Where_no_set_is_whole_nothing_is_moved_and_the_message_says_what_to_do()
    {
        Save(3);
        Do(Fault.CutShort, PathOf(3, "model.safetensors"));

        var message = Assert.Throws<UserErrorException>(() => Resume((_, _, _) => { })).Message;

        Assert.Contains("none of the 1 checkpoints is whole", message, StringComparison.Ordinal);
        Assert.Contains("Remove the folder to start anew", message, StringComparison.Ordinal);
        Assert.True(Directory.Exists(_folder.PathOf("update-000003")));
    }

    [Fact]
    public void A_reader_leaves_alone_what_a_writer_is_at()
    {
        Save(3);
        Directory.CreateDirectory(_folder.PathOf(".update-000006.tmp-0a1b2c3d"));

        Assert.Single(CheckpointStore.In(_folder.FullName));
        Assert.True(Directory.Exists(_folder.PathOf(".update-000006.tmp-0a1b2c3d")));
        Assert.Empty(CheckpointStore.In(_folder.PathOf("none")));

        _ = new CheckpointStore(_folder.FullName);
        Assert.False(Directory.Exists(_folder.PathOf(".update-000006.tmp-0a1b2c3d")));
    }

    [Fact]
    public void Kept_are_the_newest_of_the_schedule_the_best_and_what_an_interruption_left_last()
    {
        Save(1, loss: 2);
        Save(2, loss: 1);
        Save(3, scheduled: false);
        Save(4);
        Save(5, loss: 3);
        Save(6, scheduled: false);

        _store.Prune(new Retention(KeepLast: 2, KeepBest: 1));
        Assert.Equal([2, 4, 5, 6], _store.List().Select(checkpoint => checkpoint.Update));
        Assert.Equal(
            ["Best", "Newest", "Newest", "Stopped"],
            new Retention(2, 1).Of(_store.List()).Select(kept => string.Join('+', kept.Because))
        );

        Save(7, loss: 0.5);
        _store.Prune(new Retention(KeepLast: 2, KeepBest: 1));
        Assert.Equal([5, 7], _store.List().Select(checkpoint => checkpoint.Update));
    }

    private static void Do(Fault fault, string path)
    {
        var bytes = File.ReadAllBytes(path);
        switch (fault)
        {
            case Fault.FlippedByte:
                bytes[bytes.Length / 2] ^= 1;
                File.WriteAllBytes(path, bytes);
                break;
            case Fault.CutShort:
                File.WriteAllBytes(path, bytes[..^1]);
                break;
            case Fault.Missing:
                File.Delete(path);
                break;
        }
    }

    private Checkpoint Resume(Action<string, string, string>? damaged = null)
    {
        var newest = _store.Newest(damaged ?? ((folder, reason, _) => Assert.Fail($"{folder}: {reason}")))!;
        newest.PutInto(_trainer, _replicas.Model);
        return newest;
    }

    private void Save(long update, double? loss = null, bool scheduled = true)
    {
        _trainer.Resume(new TrainingState { Update = update });
        _store.Save(_trainer, _replicas.Model, loss, scheduled);
    }

    private string PathOf(long update, string file) => Path.Combine(_folder.PathOf($"update-{update:D6}"), file);

    private IEnumerable<string> Files(long update) =>
        Directory.EnumerateFiles(_folder.PathOf($"update-{update:D6}")).Select(path => Path.GetFileName(path)!);
}
