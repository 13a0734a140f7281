namespace TransformerClinic.Clusters.Tests;

/// <summary>The group by itself between two machines.</summary>
[Trait("Speed", "Slow")]
[Collection(nameof(OneAtATime))]
public class TwoMachineTests
{
    [Theory]
    [InlineData(Engine.OpenMpi)]
    [InlineData(Engine.Mpich)]
    public void Everything_arrives_through_a_network(Engine engine)
    {
        Launcher.Require(engine);
        using var machines = TwoMachines.Create();

        AssertAllHolds(machines, engine);
    }

    [Fact]
    public void Everything_arrives_through_a_slow_network()
    {
        Launcher.Require(Engine.OpenMpi);
        using var machines = TwoMachines.Create();
        machines.Slow();

        AssertAllHolds(machines, Engine.OpenMpi);
    }

    [Theory]
    [InlineData(Engine.OpenMpi)]
    [InlineData(Engine.Mpich)]
    public void Whoever_is_behind_a_cut_cable_is_named_and_nobody_stays_behind(Engine engine)
    {
        Launcher.Require(engine);
        using var machines = TwoMachines.Create();
        using var folder = new TemporaryFolder();
        using var started = Started.Start(
            Launcher.StartOn(machines, engine, Launcher.Operations, "meet", "3", folder.FullName)
        );
        started.WaitUntil(() => started.All.Split("meeting 3").Length == 3);

        machines.Cut();
        started.WaitUntil(() => started.All.Contains("has not reached", StringComparison.Ordinal));

        Assert.Contains($"rank 1 on {TwoMachines.SecondName} has not reached", started.All, StringComparison.Ordinal);
        RankProcesses.AssertNoneLeft(folder.FullName); // the launcher may still wait for its other half
    }

    private static void AssertAllHolds(TwoMachines machines, Engine engine)
    {
        var ended = Started.Run(Launcher.StartOn(machines, engine, Launcher.Operations, "properties", "60"));

        Assert.True(ended.ExitCode == 0, ended.All);
        Assert.Contains($"rank 0: all holds on {TwoMachines.FirstName}", ended.Output, StringComparison.Ordinal);
        Assert.Contains($"rank 1: all holds on {TwoMachines.SecondName}", ended.Output, StringComparison.Ordinal);
    }
}
