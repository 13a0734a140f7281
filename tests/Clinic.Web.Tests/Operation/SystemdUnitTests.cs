using System.Diagnostics;

namespace TransformerClinic.Web.Tests.Operation;

public class SystemdUnitTests
{
    [Fact]
    public async Task Systemd_has_nothing_to_complain_about()
    {
        Assert.SkipUnless(File.Exists("/usr/bin/systemd-analyze"), "systemd-analyze is not installed");
        using var home = new TemporaryFolder();
        var command = Path.Combine(home.FullName, ".dotnet", "tools", "clinic");
        Directory.CreateDirectory(Path.GetDirectoryName(command)!);
        await File.WriteAllTextAsync(command, "#!/bin/sh\n", TestContext.Current.CancellationToken);
        if (!OperatingSystem.IsWindows())
        {
            File.SetUnixFileMode(command, UnixFileMode.UserRead | UnixFileMode.UserExecute);
        }

        var unit = RepositoryRoot.PathOf("samples", "Service", "clinic-serve.service");
        var start = new ProcessStartInfo("/usr/bin/systemd-analyze", ["verify", "--user", unit])
        {
            RedirectStandardError = true,
            Environment = { ["HOME"] = home.FullName, ["XDG_RUNTIME_DIR"] = home.FullName },
        };

        using var analyze = Process.Start(start)!;
        var complaints = await analyze.StandardError.ReadToEndAsync(TestContext.Current.CancellationToken);
        await analyze.WaitForExitAsync(TestContext.Current.CancellationToken);

        Assert.Equal("", complaints);
        Assert.Equal(0, analyze.ExitCode);
    }
}
