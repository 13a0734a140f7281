using TransformerClinic.Common;
using TransformerClinic.Distribution;

namespace TransformerClinic.Tests.Distribution;

public class LaunchTests
{
    [Fact]
    public void Without_a_launcher_there_is_no_launch() => Assert.Null(Of());

    [Theory]
    [InlineData("OMPI_COMM_WORLD_RANK=2 OMPI_COMM_WORLD_SIZE=4 PMIX_RANK=2", "mpirun of Open MPI", MpiFamily.OpenMpi)]
    [InlineData("PMI_RANK=2 PMI_SIZE=4 PMI_FD=7", "mpiexec of MPICH", MpiFamily.Mpich)]
    [InlineData("PMI_RANK=2 PMI_SIZE=4 SLURM_PROCID=2 SLURM_STEP_NUM_TASKS=4", "srun with PMI", MpiFamily.Mpich)]
    [InlineData("PMIX_RANK=2 SLURM_PROCID=2 SLURM_STEP_NUM_TASKS=4", "a launcher with PMIx", MpiFamily.OpenMpi)]
    internal void Each_launcher_is_known_by_its_variables(string variables, string launcher, MpiFamily family)
    {
        var launch = Of(variables)!;

        Assert.Contains(launcher, launch.Launcher, StringComparison.Ordinal);
        Assert.Equal((2, 4, family), (launch.Rank, launch.Count!.Value, launch.RequireFamily()));
        Assert.True(launch.IsOfSeveral);
    }

    [Fact]
    public void A_launcher_above_another_one_counts() =>
        Assert.Equal(1, Of("OMPI_COMM_WORLD_RANK=1 OMPI_COMM_WORLD_SIZE=2 PMI_RANK=0 PMI_SIZE=1")!.Rank);

    [Fact]
    public void A_launch_of_one_process_is_not_of_several() =>
        Assert.False(Of("OMPI_COMM_WORLD_RANK=0 OMPI_COMM_WORLD_SIZE=1")!.IsOfSeveral);

    [Fact]
    public void A_batch_script_of_Slurm_is_one_process() => Assert.Null(Of("SLURM_PROCID=0 SLURM_NTASKS=4"));

    [Fact]
    public void Tasks_of_Slurm_that_cannot_find_each_other_are_refused()
    {
        var launch = Of("SLURM_PROCID=0 SLURM_STEP_NUM_TASKS=4")!;

        var refusal = Assert.Throws<UserErrorException>(() => launch.RequireFamily());
        Assert.Contains("srun", refusal.Message, StringComparison.Ordinal);
        Assert.Contains("4 processes", refusal.Message, StringComparison.Ordinal);
        Assert.Contains("pmi2", refusal.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void One_task_of_Slurm_needs_no_help() =>
        Assert.False(Of("SLURM_PROCID=0 SLURM_STEP_NUM_TASKS=1")!.IsOfSeveral);

    [Fact]
    public void Inherited_variables_can_be_disowned() =>
        Assert.Null(Of("OMPI_COMM_WORLD_RANK=2 OMPI_COMM_WORLD_SIZE=4 CLINIC_MPI=none"));

    [Theory]
    [InlineData("OMPI_COMM_WORLD_RANK=4 OMPI_COMM_WORLD_SIZE=4", "OMPI_COMM_WORLD_RANK is 4")]
    [InlineData("OMPI_COMM_WORLD_RANK=a OMPI_COMM_WORLD_SIZE=4", "OMPI_COMM_WORLD_RANK is 'a'")]
    [InlineData("PMI_RANK=1 PMI_SIZE=-2", "PMI_SIZE is '-2'")]
    public void Variables_that_no_launcher_sets_are_refused(string variables, string reason) =>
        Assert.Contains(
            reason,
            Assert.Throws<UserErrorException>(() => Of(variables)).Message,
            StringComparison.Ordinal
        );

    private static Launch? Of(string variables = "")
    {
        var values = variables
            .Split(' ', StringSplitOptions.RemoveEmptyEntries)
            .Select(variable => variable.Split('='))
            .ToDictionary(parts => parts[0], parts => parts[1], StringComparer.Ordinal);
        return Launch.Of(values.GetValueOrDefault);
    }
}
