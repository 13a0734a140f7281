using TorchSharp;
using TransformerClinic.Common;
using TransformerClinic.Files;
using TransformerClinic.Runs;

namespace TransformerClinic.Tests.Runs;

public sealed class RunEnvironmentTests
{
    [Fact]
    public void The_version_of_libtorch_is_asked_of_the_library_that_is_loaded()
    {
        // The packages of this build are for this version; another library would say another one.
        Assert.StartsWith(LoadedTorch.Version() + ".", torch.__version__, StringComparison.Ordinal);
        Assert.Equal("2.10.3", LoadedTorch.Unpacked(0x020A030000000000));
    }

    [Fact]
    public void The_constant_that_earlier_environments_have_is_the_same_version()
    {
        var environment = RunEnvironment.Capture(torch.CPU, 3) with { LibTorch = "2.10.0" };
        Assert.Empty(environment.ChangesSince(environment with { LibTorch = "2.10.0.0" }));
        Assert.Equal(
            ["libtorch 2.9.1, now 2.10.0"],
            environment.ChangesSince(environment with { LibTorch = "2.9.1.0" })
        );
    }

    [Fact]
    public void It_says_what_the_run_runs_on_and_reads_back()
    {
        using var folder = new TemporaryFolder();

        var environment = RunEnvironment.Capture(torch.CPU, 3);

        Assert.Matches(@"^\d+\.\d+\.\d+", environment.Clinic);
        Assert.Matches(@"^\d+\.\d+\.\d+", environment.TorchSharp);
        Assert.Matches(@"^\d+\.\d+\.\d+$", environment.LibTorch);
        Assert.NotEqual(environment.TorchSharp, environment.LibTorch);
        Assert.StartsWith(".NET ", environment.DotNet, StringComparison.Ordinal);
        Assert.Equal(Environment.ProcessorCount, environment.Cores);
        Assert.InRange(environment.MemoryGiB, 0.1, 1e5);
        Assert.Equal(("cpu", 3), (environment.Device, environment.Workers));
        Assert.Empty(environment.ChangesSince(environment));
        Assert.Equal(
            ["variables OMP_NUM_THREADS=7, now none"],
            (environment with { Variables = new Dictionary<string, string>() }).ChangesSince(
                environment with
                {
                    Workers = 2,
                    MemoryGiB = 1,
                    Variables = new Dictionary<string, string> { ["OMP_NUM_THREADS"] = "7" },
                }
            )
        );
        Json.Write(folder.PathOf("environment.json"), environment);
        Assert.Equal(environment.Lines(), Json.Read<RunEnvironment>(folder.PathOf("environment.json")).Lines());
    }
}
