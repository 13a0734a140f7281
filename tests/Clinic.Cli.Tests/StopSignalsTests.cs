using System.Diagnostics;
using System.Runtime.InteropServices;

namespace TransformerClinic.Cli.Tests;

public class StopSignalsTests
{
    /// <summary>
    /// MPICH's launcher was seen to send it to a process that had stopped and written its last line; if it ended the
    /// process, it would end this test's.
    /// </summary>
    [Fact]
    public void SIGUSR1_ends_no_process_that_has_stopped()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "sends the number that SIGUSR1 has on Linux");
        using (var error = new StringWriter())
        using (var signals = new StopSignals(error))
        {
            SendSigusr1();
            Assert.True(signals.Token.WaitHandle.WaitOne(TimeSpan.FromMinutes(1)));
        }

        using var arrived = new ManualResetEventSlim();
        using var watch = PosixSignalRegistration.Create((PosixSignal)10, _ => arrived.Set());
        SendSigusr1();
        Assert.True(arrived.Wait(TimeSpan.FromMinutes(1), TestContext.Current.CancellationToken));
    }

    private static void SendSigusr1()
    {
        using var kill = Process.Start("kill", ["-USR1", $"{Environment.ProcessId}"]);
        kill.WaitForExit();
        Assert.Equal(0, kill.ExitCode);
    }
}
