namespace TransformerClinic.Clusters.Tests;

/// <summary>
/// The recipe decides every bit of a result, and the number of processes only the time: models, optimizers, losses and
/// translations of several processes are those of one, whatever the engine and the network.
/// </summary>
[Trait("Speed", "Slow")]
[Collection(nameof(OneAtATime))]
public class BitTests(ClusterRun work) : IClassFixture<ClusterRun>
{
    private const string Accumulate = "training.accumulate=4";
    private const string HalfPrecision = "training.precision=bf16";

    [Theory]
    [InlineData(Engine.OpenMpi, 2, 2)]
    [InlineData(Engine.OpenMpi, 4, 1)]
    [InlineData(Engine.OpenMpi, 3, 1)]
    [InlineData(Engine.OpenMpi, 2, 1, Accumulate)]
    [InlineData(Engine.OpenMpi, 3, 2, Accumulate, HalfPrecision)]
    [InlineData(Engine.Mpich, 2, 2)]
    [InlineData(Engine.Mpich, 3, 1)]
    [InlineData(Engine.Mpich, 4, 1, Accumulate, HalfPrecision)]
    public void Processes_times_threads_give_the_same_bytes(
        Engine engine,
        int processes,
        int threads,
        params string[] settings
    )
    {
        Launcher.Require(engine);
        var run = work.FreshFolder();

        var ended = Started.Run(Launcher.Start(engine, processes, work.Train(run, threads, settings)));

        ClusterRun.AssertDone(ended);
        work.AssertAsAlone(run, settings);
        Assert.Contains($"{processes} processes", ended.Error, StringComparison.Ordinal);
        Assert.Single(ended.Error.Split("training ended after update").Skip(1)); // only the first process speaks
    }

    [Fact]
    public void A_run_continues_with_any_number_of_processes()
    {
        Launcher.Require(Engine.OpenMpi);
        Launcher.Require(Engine.Mpich);
        var run = work.FreshFolder();

        ClusterRun.AssertDone(Started.Run(work.Train(run, 4, "training.maxUpdates=5")));
        ClusterRun.AssertDone(
            Started.Run(Launcher.Start(Engine.OpenMpi, 2, work.Train(run, 2, "training.maxUpdates=10")))
        );
        ClusterRun.AssertDone(Started.Run(Launcher.Start(Engine.Mpich, 3, work.Train(run, 1))));

        work.AssertAsAlone(run);
    }

    [Theory]
    [InlineData(Engine.OpenMpi, false)]
    [InlineData(Engine.OpenMpi, true)]
    [InlineData(Engine.Mpich, false)]
    public void Two_machines_give_the_same_bytes_however_slow_their_network(Engine engine, bool isSlow)
    {
        Launcher.Require(engine);
        using var machines = TwoMachines.Create();
        if (isSlow)
        {
            machines.Slow();
        }

        var run = work.FreshFolder();

        var ended = Started.Run(Launcher.StartOn(machines, engine, work.Train(run, 2)));

        ClusterRun.AssertDone(ended);
        work.AssertAsAlone(run);
        Assert.Contains($"{TwoMachines.FirstName} {TwoMachines.SecondName}", ended.Error, StringComparison.Ordinal);
    }

    [Fact]
    public void A_launch_of_one_process_is_a_process_by_itself()
    {
        Launcher.Require(Engine.OpenMpi);
        var run = work.FreshFolder();

        var ended = Started.Run(
            Launcher.Start(Engine.OpenMpi, 1, ["env", "CLINIC_MPI=/does/not/exist", .. work.Train(run, 4)])
        );

        ClusterRun.AssertDone(ended); // no library was looked for
        work.AssertAsAlone(run);
    }
}
