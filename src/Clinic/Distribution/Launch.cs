using System.Globalization;
using TransformerClinic.Common;

namespace TransformerClinic.Distribution;

/// <summary>
/// What the environment says about processes that a launcher has started together. Programs that such a process starts
/// inherit the variables; <see cref="MpiLibrary.Variable"/> says that they are not meant.
/// </summary>
/// <param name="Launcher">Who has started them, in words, with the variable that says so.</param>
/// <param name="Rank">This process, from 0.</param>
/// <param name="Count">How many there are; null if the launcher does not say.</param>
/// <param name="Family">The kind of MPI that belongs to the launcher; null if it helps no MPI.</param>
internal sealed record Launch(string Launcher, int Rank, int? Count, MpiFamily? Family)
{
    // Slurm's own variables are the same in a batch script, which is one process, except this one of a step.
    private const string TasksOfStep = "SLURM_STEP_NUM_TASKS";

    /// <summary>Whether this process is certainly or possibly one of several.</summary>
    public bool IsOfSeveral => Count is not 1;

    /// <summary>The launch of this process; null if no launcher has started it.</summary>
    /// <exception cref="UserErrorException">The variables contradict each other.</exception>
    public static Launch? OfEnvironment() => Of(Environment.GetEnvironmentVariable);

    /// <summary>The launch that variables describe; null if they describe none.</summary>
    /// <param name="variable">The value of a variable; null if it is not set.</param>
    /// <exception cref="UserErrorException">The variables contradict each other.</exception>
    public static Launch? Of(Func<string, string?> variable)
    {
        if (variable(MpiLibrary.Variable) == MpiLibrary.None)
        {
            return null;
        }

        // A launcher may use another one below it, whose variables are then there as well: the upper one is first.
        var found =
            Named("OMPI_COMM_WORLD_RANK", "OMPI_COMM_WORLD_SIZE", "mpirun of Open MPI", MpiFamily.OpenMpi)
            ?? Named("PMI_RANK", "PMI_SIZE", "mpiexec of MPICH or its relatives, or srun with PMI", MpiFamily.Mpich)
            ?? Named("PMIX_RANK", TasksOfStep, "a launcher with PMIx", MpiFamily.OpenMpi)
            ?? Named("SLURM_PROCID", TasksOfStep, "srun without the help that MPI needs", family: null);
        return found is { Family: null, Count: null } ? null : found;

        Launch? Named(string rankName, string countName, string launcher, MpiFamily? family)
        {
            if (Number(rankName) is not { } rank)
            {
                return null;
            }

            var count = Number(countName);
            return rank < (count ?? int.MaxValue)
                ? new Launch($"{launcher} ({rankName}={rank})", rank, count, family)
                : throw new UserErrorException(
                    $"{rankName} is {rank} and {countName} is {count}: ranks are from 0 to {count - 1}. Start the "
                        + $"processes with a launcher of MPI, or set {MpiLibrary.Variable}={MpiLibrary.None} if this "
                        + "is a process by itself."
                );
        }

        int? Number(string name) =>
            variable(name) is not { Length: > 0 } text ? null
            : int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? number
            : throw new UserErrorException(
                $"{name} is '{text}', but launchers of several processes set it to a whole number. Set "
                    + $"{MpiLibrary.Variable}={MpiLibrary.None} if this is a process by itself."
            );
    }

    /// <summary>Requires that the launcher helps processes to find each other.</summary>
    /// <exception cref="UserErrorException">It does not.</exception>
    public MpiFamily RequireFamily() =>
        Family
        ?? throw new UserErrorException(
            $"{Launcher} has started {Count} processes, but they cannot find each other: let it start them with PMI "
                + "(srun: the option mpi=pmi2 for MPICH, mpi=pmix for Open MPI), or start them with mpirun inside an "
                + $"allocation. {MpiLibrary.Variable}={MpiLibrary.None} makes each of them a process by itself."
        );
}
