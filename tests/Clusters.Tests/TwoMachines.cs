using System.Diagnostics;

namespace TransformerClinic.Clusters.Tests;

/// <summary>
/// Two machines as far as programs can see: two network namespaces joined by a virtual cable, each with a host name of
/// its own. Gone, with everything that runs there, when the test is over.
/// </summary>
internal sealed class TwoMachines : IDisposable
{
    /// <summary>Address of the first, where launchers run.</summary>
    public const string First = "10.77.0.1";

    /// <summary>Address of the second.</summary>
    public const string Second = "10.77.0.2";

    /// <summary>Host name of the first.</summary>
    public const string FirstName = "clinic-one";

    /// <summary>Host name of the second.</summary>
    public const string SecondName = "clinic-two";

    private const string Cable = "clinic-cable";
    private const string OtherEnd = "clinic-plug";

    private readonly string _first = $"clinic-{Environment.ProcessId}-one";
    private readonly string _second = $"clinic-{Environment.ProcessId}-two";
    private readonly TemporaryFolder _folder = new();

    private TwoMachines()
    {
        Agent = _folder.Write(
            "agent.sh",
            $"""
            #!/bin/sh
            # What ssh is between machines: options, the machine, a command.
            while case "$1" in -*) true ;; *) false ;; esac; do shift; done
            case "$1" in
              {First}) space={_first} name={FirstName} ;;
              *) space={_second} name={SecondName} ;;
            esac
            shift
            exec ip netns exec "$space" unshare --uts sh -c 'hostname "$0"; exec sh -c "$*"' "$name" "$@"

            """
        );
    }

    /// <summary>The program that launchers use in place of ssh.</summary>
    public string Agent { get; }

    /// <summary>Creates both; skips the test where that is not allowed.</summary>
    public static TwoMachines Create()
    {
        Assert.SkipUnless(
            OperatingSystem.IsLinux() && Environment.IsPrivilegedProcess,
            "Only root may create network namespaces."
        );
        var machines = new TwoMachines();
        try
        {
            var refusal = machines.Connect();
            Assert.SkipWhen(refusal is not null, $"Network namespaces cannot be created here: {refusal}");
            return machines;
        }
        catch
        {
            machines.Dispose();
            throw;
        }
    }

    /// <summary>A command line that runs on the first machine.</summary>
    public string[] OnFirst(params string[] command) =>
        [
            "ip",
            "netns",
            "exec",
            _first,
            "unshare",
            "--uts",
            "sh",
            "-c",
            "hostname \"$0\"; exec \"$@\"",
            FirstName,
            .. command,
        ];

    /// <summary>Makes the network slow; skips the test where the kernel cannot.</summary>
    public void Slow()
    {
        var refusal = Shape("netem", "delay", "5ms", "rate", "100mbit");
        if (refusal is not null)
        {
            refusal = Shape("tbf", "rate", "100mbit", "burst", "32kbit", "latency", "50ms"); // slow, without delay
        }

        Assert.SkipWhen(refusal is not null, $"The network cannot be made slow here: {refusal}");
    }

    /// <summary>Pulls the cable out.</summary>
    public void Cut() => Assert.Null(Do("ip", "-n", _first, "link", "set", Cable, "down"));

    public void Dispose()
    {
        foreach (var space in (string[])[_first, _second])
        {
            Do("sh", "-c", $"ip netns pids {space} | xargs -r kill -9");
            Do("ip", "netns", "delete", space);
        }

        _folder.Dispose();
    }

    /// <summary>Creates the namespaces and the cable; returns why that is not possible.</summary>
    private string? Connect() =>
        Do("chmod", "u+x", Agent)
        ?? Do("ip", "netns", "add", _first)
        ?? Do("ip", "netns", "add", _second)
        ?? Do("ip", "link", "add", Cable, "netns", _first, "type", "veth", "peer", "name", OtherEnd, "netns", _second)
        ?? Up(_first, Cable, First)
        ?? Up(_second, OtherEnd, Second)
        ?? Usable(_first, Cable)
        ?? Usable(_second, OtherEnd)
        ?? Do([.. OnFirst("hostname")]);

    private string? Shape(params string[] how) =>
        Do(["ip", "netns", "exec", _first, "tc", "qdisc", "add", "dev", Cable, "root", .. how]);

    private static string? Up(string space, string device, string address) =>
        Do("ip", "-n", space, "link", "set", "lo", "up")
        ?? Do("ip", "-n", space, "address", "add", $"{address}/24", "dev", device)
        ?? Do("ip", "-n", space, "link", "set", device, "up");

    /// <summary>Waits until the kernel has noticed that both ends are up.</summary>
    private static string? Usable(string space, string device) =>
        Do(
            "ip",
            "netns",
            "exec",
            space,
            "timeout",
            "10",
            "sh",
            "-c",
            $"until [ $(cat /sys/class/net/{device}/operstate) = up ]; do sleep 0.05; done"
        );

    /// <summary>Runs a command; returns what it complains about if it fails.</summary>
    private static string? Do(params string[] command)
    {
        try
        {
            using var process = Process.Start(
                new ProcessStartInfo(command[0], command[1..])
                {
                    RedirectStandardError = true,
                    RedirectStandardOutput = true,
                }
            )!;
            process.StandardOutput.ReadToEnd();
            var error = process.StandardError.ReadToEnd();
            process.WaitForExit();
            return process.ExitCode == 0 ? null : $"{string.Join(' ', command)}: {error}";
        }
        catch (System.ComponentModel.Win32Exception missing)
        {
            return missing.Message;
        }
    }
}
