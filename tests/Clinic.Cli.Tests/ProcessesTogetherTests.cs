namespace TransformerClinic.Cli.Tests;

/// <summary>
/// The command under a launcher's variables; under real launchers it is in tests/Clusters.Tests.
/// </summary>
public class ProcessesTogetherTests
{
    private static readonly string[] OfFour = ["OMPI_COMM_WORLD_SIZE=4", "PMIX_RANK=0"];

    [Fact]
    public void A_verb_for_one_process_refuses_several()
    {
        var result = Run([.. OfFour, "OMPI_COMM_WORLD_RANK=0"], "checkpoints", "a-run");

        Assert.Equal(ExitCode.Mistake, result.ExitCode);
        Assert.StartsWith(
            "clinic: clinic checkpoints runs in one process, but mpirun of Open MPI (OMPI_COMM_WORLD_RANK=0) has "
                + "started 4. Start it without the launcher",
            result.Error,
            StringComparison.Ordinal
        );
    }

    [Fact]
    public void Processes_other_than_the_first_say_who_they_are()
    {
        var result = Run([.. OfFour, "OMPI_COMM_WORLD_RANK=3"], "train", "does-not-exist.yaml");

        Assert.Equal(ExitCode.Mistake, result.ExitCode);
        Assert.StartsWith($"clinic: rank 3 on {Environment.MachineName}: ", result.Error, StringComparison.Ordinal);
    }

    [Fact]
    public void A_process_can_be_by_itself_whatever_it_has_inherited()
    {
        var result = Run([.. OfFour, "OMPI_COMM_WORLD_RANK=3", "CLINIC_MPI=none"], "checkpoints", "does-not-exist");

        Assert.Equal(ExitCode.Mistake, result.ExitCode);
        Assert.StartsWith("clinic: does-not-exist", result.Error, StringComparison.Ordinal);
    }

    [Fact]
    public void Variables_that_no_launcher_sets_are_a_mistake()
    {
        var result = Run(["OMPI_COMM_WORLD_SIZE=4", "OMPI_COMM_WORLD_RANK=x"], "checkpoints", "a-run");

        Assert.Equal(ExitCode.Mistake, result.ExitCode);
        Assert.Contains("OMPI_COMM_WORLD_RANK is 'x'", result.Error, StringComparison.Ordinal);
    }

    [Fact]
    public void Tasks_of_Slurm_that_cannot_find_each_other_do_not_train()
    {
        using var tiny = new TinyRun();

        var result = Run(["SLURM_PROCID=0", "SLURM_STEP_NUM_TASKS=2"], "train", tiny.Recipe, "--run", tiny.Run);

        Assert.Equal(ExitCode.Mistake, result.ExitCode);
        Assert.Contains("mpi=pmi2", result.Error, StringComparison.Ordinal);
        Assert.False(Directory.Exists(tiny.Run));
    }

    private static ClinicResult Run(string[] variables, params string[] arguments)
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "Launchers of MPI are supported on Linux and macOS.");
        using var process = ClinicProcess.Start("env", [.. variables, ClinicProcess.Program, .. arguments]);
        process.StandardInput.Close();
        return ClinicProcess.Finish(process);
    }
}
