namespace TransformerClinic.Clusters.Tests;

/// <summary>How the launchers of both engines are called.</summary>
internal static class Launcher
{
    /// <summary>What tests of several processes start.</summary>
    public static string Operations => Path.Combine(AppContext.BaseDirectory, "group-operations");

    /// <summary>The command.</summary>
    public static string Clinic => Path.Combine(AppContext.BaseDirectory, "clinic");

    /// <summary>Skips the test where the engine is not installed.</summary>
    public static void Require(Engine engine) =>
        Assert.SkipUnless(
            OperatingSystem.IsLinux() && Program(engine) is not null,
            $"{engine} is not installed: its launcher is not on the path (Debian: openmpi-bin, mpich)."
        );

    /// <summary>A command line that starts a program several times on this machine.</summary>
    public static string[] Start(Engine engine, int processes, params string[] program) =>
        [.. Prefix(engine), "-n", $"{processes}", .. program];

    /// <summary>A command line that starts two programs, once each, as one group.</summary>
    public static string[] StartBoth(Engine engine, string[] first, string[] second) =>
        [.. Prefix(engine), "-n", "1", .. first, ":", "-n", "1", .. second];

    /// <summary>A command line that starts a program on two machines, once on each.</summary>
    public static string[] StartOn(TwoMachines machines, Engine engine, params string[] program)
    {
        string[] start =
            engine == Engine.OpenMpi
                ?
                [
                    Program(engine)!,
                    "--mca",
                    "plm_rsh_agent",
                    machines.Agent,
                    // Only TCP: by its host name a machine looks like another one, by its memory it does not.
                    "--mca",
                    "pml",
                    "ob1",
                    "--mca",
                    "btl",
                    "tcp,self",
                    "--bind-to",
                    "none",
                    "--host",
                    $"{TwoMachines.First}:1,{TwoMachines.Second}:1",
                ]
                :
                [
                    "env",
                    "MPIR_CVAR_NOLOCAL=1",
                    "UCX_TLS=tcp,self",
                    Program(engine)!,
                    "-launcher",
                    "ssh",
                    "-launcher-exec",
                    machines.Agent,
                    "-hosts",
                    $"{TwoMachines.First}:1,{TwoMachines.Second}:1",
                ];
        return machines.OnFirst([.. start, "-n", "2", .. program]);
    }

    private static string[] Prefix(Engine engine) =>
        engine == Engine.OpenMpi ? [Program(engine)!, "--oversubscribe", "--bind-to", "none"] : [Program(engine)!];

    private static string? Program(Engine engine) =>
        Find(engine == Engine.OpenMpi ? ["mpirun.openmpi", "orterun"] : ["mpiexec.hydra", "mpiexec.mpich"]);

    private static string? Find(params IEnumerable<string> names) =>
        names
            .SelectMany(name =>
                (Environment.GetEnvironmentVariable("PATH") ?? "")
                    .Split(':')
                    .Select(folder => Path.Combine(folder, name))
            )
            .FirstOrDefault(File.Exists);
}
