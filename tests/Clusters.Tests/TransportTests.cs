namespace TransformerClinic.Clusters.Tests;

/// <summary>
/// The group by itself, in processes that check what they receive (tests/GroupOperations).
/// </summary>
[Trait("Speed", "Slow")]
[Collection(nameof(OneAtATime))]
public class TransportTests
{
    private const string ALongWait = "60";
    private const string AShortWait = "3";

    [Theory]
    [InlineData(Engine.OpenMpi, 2)]
    [InlineData(Engine.OpenMpi, 3)]
    [InlineData(Engine.OpenMpi, 4)]
    [InlineData(Engine.Mpich, 2)]
    [InlineData(Engine.Mpich, 3)]
    [InlineData(Engine.Mpich, 4)]
    public void Everything_arrives_in_the_order_of_ranks_whatever_its_length(Engine engine, int processes)
    {
        Launcher.Require(engine);

        var ended = Started.Run(Launcher.Start(engine, processes, Launcher.Operations, "properties", ALongWait));

        Assert.True(ended.ExitCode == 0, ended.All);
        Assert.All(
            Enumerable.Range(0, processes),
            rank => Assert.Contains($"rank {rank}: all holds", ended.Output, StringComparison.Ordinal)
        );
    }

    [Theory]
    [InlineData(Engine.OpenMpi)]
    [InlineData(Engine.Mpich)]
    public void An_error_of_the_library_is_told_in_its_words_and_the_group_continues(Engine engine)
    {
        Launcher.Require(engine);

        var ended = Started.Run(Launcher.Start(engine, 2, Launcher.Operations, "errors", ALongWait));

        Assert.True(ended.ExitCode == 0, ended.All);
        Assert.Contains("rank 1: error: MPI cannot broadcast: ", ended.Output, StringComparison.Ordinal);
        Assert.Contains("nvalid root", ended.Output, StringComparison.Ordinal); // in either library's words
    }

    [Theory]
    [InlineData(Engine.OpenMpi)]
    [InlineData(Engine.Mpich)]
    public void The_runtime_still_finds_null_references_below_the_library(Engine engine)
    {
        Launcher.Require(engine);

        var ended = Started.Run(Launcher.Start(engine, 2, Launcher.Operations, "errors", ALongWait));

        Assert.Contains("rank 0: null is found", ended.Output, StringComparison.Ordinal);
        Assert.Contains("rank 1: null is found", ended.Output, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(Engine.OpenMpi)]
    [InlineData(Engine.Mpich)]
    public void One_process_ends_all_with_its_exit_code(Engine engine)
    {
        Launcher.Require(engine);
        using var folder = new TemporaryFolder();

        var ended = Started.Run(Launcher.Start(engine, 3, Launcher.Operations, "abort", ALongWait, folder.FullName));

        Assert.True(ended.ExitCode == 7, ended.All);
        RankProcesses.AssertNoneLeft(folder.FullName);
    }

    [Theory]
    [InlineData(Engine.OpenMpi)]
    [InlineData(Engine.Mpich)]
    public void A_killed_process_ends_all(Engine engine)
    {
        Launcher.Require(engine);
        using var folder = new TemporaryFolder();
        using var started = Meeting(engine, folder, ALongWait);

        Started.Signal(RankProcesses.Of(1, folder.FullName)!.Value, "KILL");
        var ended = started.End();

        Assert.NotEqual(0, ended.ExitCode);
        RankProcesses.AssertNoneLeft(folder.FullName);
    }

    [Theory]
    [InlineData(Engine.OpenMpi, 0)]
    [InlineData(Engine.OpenMpi, 1)]
    [InlineData(Engine.Mpich, 0)]
    [InlineData(Engine.Mpich, 1)]
    public void A_silent_process_is_named_by_those_who_wait_for_it(Engine engine, int silent)
    {
        Launcher.Require(engine);
        using var folder = new TemporaryFolder();
        using var started = Meeting(engine, folder, AShortWait);

        Started.Signal(RankProcesses.Of(silent, folder.FullName)!.Value, "STOP");
        var ended = started.End();

        Assert.Equal(3, ended.ExitCode);
        Assert.Contains(
            $"rank {silent} on {Environment.MachineName} has not reached meeting",
            ended.Error,
            StringComparison.Ordinal
        );
        Assert.Contains("within 3 seconds (distributed.patience)", ended.Error, StringComparison.Ordinal);
        RankProcesses.AssertNoneLeft(folder.FullName);
    }

    [Fact]
    public void A_pause_of_all_processes_is_not_taken_for_silence()
    {
        Launcher.Require(Engine.Mpich);
        using var folder = new TemporaryFolder();
        using var started = Meeting(Engine.Mpich, folder, AShortWait);
        int[] all = [.. Enumerable.Range(0, 3).Select(rank => RankProcesses.Of(rank, folder.FullName)!.Value)];

        Array.ForEach(all, process => Started.Signal(process, "STOP"));
        Thread.Sleep(TimeSpan.FromSeconds(5)); // longer than their patience
        Array.ForEach(all, process => Started.Signal(process, "CONT"));
        Thread.Sleep(TimeSpan.FromSeconds(1));

        Assert.DoesNotContain("has not reached", started.All, StringComparison.Ordinal);
        Started.Signal(all[1], "KILL");
        started.End();
    }

    [Theory]
    [InlineData(Engine.OpenMpi, "libmpich.so.12")]
    [InlineData(Engine.Mpich, "libmpi.so.40")]
    public void A_launcher_and_a_library_that_do_not_fit_are_refused_with_both_names(Engine engine, string library)
    {
        Launcher.Require(Engine.OpenMpi);
        Launcher.Require(Engine.Mpich);

        var ended = Started.Run([
            "env",
            $"CLINIC_MPI={library}",
            .. Launcher.Start(engine, 2, Launcher.Operations, "properties", ALongWait),
        ]);

        Assert.Equal(2, ended.ExitCode);
        Assert.Contains("has started 2 processes, but ", ended.Error, StringComparison.Ordinal);
        Assert.Contains($"({library}) knows of 1", ended.Error, StringComparison.Ordinal);
        Assert.Contains(
            engine == Engine.OpenMpi ? "mpirun of Open MPI" : "mpiexec of MPICH",
            ended.Error,
            StringComparison.Ordinal
        );
    }

    [Theory]
    [InlineData("libdoes-not-exist.so", "cannot be loaded")]
    [InlineData("libm.so.6", "is not a library of MPI")]
    public void A_library_that_is_not_one_is_refused(string library, string reason)
    {
        Launcher.Require(Engine.Mpich);

        var ended = Started.Run([
            "env",
            $"CLINIC_MPI={library}",
            .. Launcher.Start(Engine.Mpich, 2, Launcher.Operations, "errors", ALongWait),
        ]);

        Assert.Equal(2, ended.ExitCode);
        Assert.Contains(reason, ended.Error, StringComparison.Ordinal);
        Assert.DoesNotContain("   at ", ended.Error, StringComparison.Ordinal);
    }

    /// <summary>Three processes that meet again and again; they have met already.</summary>
    private static Started Meeting(Engine engine, TemporaryFolder folder, string patience)
    {
        var started = Started.Start(Launcher.Start(engine, 3, Launcher.Operations, "meet", patience, folder.FullName));
        started.WaitUntil(() => started.All.Split("meeting 3").Length == 4);
        return started;
    }
}
