using System.Diagnostics;
using System.Net.Http.Json;
using System.Net.Sockets;
using System.Text;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;

namespace TransformerClinic.Cli.Tests.Commands;

/// <summary>The service as a process.</summary>
public sealed partial class ServeCommandTests(TrainedTinyRun trained) : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact]
    public async Task It_serves_the_command_s_translations_and_ends_in_an_orderly_way()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "the signal is sent by kill");
        var expected = InProcess.Translate("eins zwei\n", "--model", trained.Run).TrimEnd('\n');
        using var process = ClinicProcess.Start(
            "serve",
            "--models",
            trained.Run,
            "--port",
            "0",
            "--drain-seconds",
            "1"
        );
        var (said, address) = await AddressOf(process);
        using var client = new HttpClient { BaseAddress = new Uri(address) };

        using var response = await client.PostAsJsonAsync(
            new Uri("/v1/translate", UriKind.Relative),
            new { text = "eins zwei" },
            Stop
        );
        var answer = JsonNode.Parse(await response.Content.ReadAsStringAsync(Stop))!;
        Assert.Equal(expected, (string?)answer["translations"]![0]!["text"]);

        ClinicProcess.Signal(process, "TERM");
        await process.WaitForExitAsync(Stop);
        Assert.Equal(0, process.ExitCode);
        Assert.Contains(
            "clinic: stopped",
            said + await process.StandardError.ReadToEndAsync(Stop),
            StringComparison.Ordinal
        );
    }

    [Fact]
    public async Task Systemd_is_told_when_it_serves_and_when_it_stops()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "systemd is Linux's");
        var path = Path.Combine(_folder.FullName, "notify");
        using var socket = new Socket(AddressFamily.Unix, SocketType.Dgram, ProtocolType.Unspecified);
        socket.Bind(new UnixDomainSocketEndPoint(path));
        string[] command = [ClinicProcess.Program, "serve", "--models", trained.Run, "--port", "0"];
        using var process = ClinicProcess.Start("env", [$"NOTIFY_SOCKET={path}", .. command]);

        Assert.Equal("READY=1", await Message(socket));
        ClinicProcess.Signal(process, "TERM");
        Assert.Equal("STOPPING=1", await Message(socket));
        await process.WaitForExitAsync(Stop);
        Assert.Equal(0, process.ExitCode);
    }

    [Theory]
    [InlineData("serve", "--models is missing")]
    [InlineData("serve --models nowhere", "nowhere: there is no such folder")]
    [InlineData("serve --models RUN --host 0.0.0.0", "Name a file of keys")]
    [InlineData("serve --models RUN --host example.org", "not an IP address")]
    [InlineData("serve --models RUN --keys nowhere.txt", "nowhere.txt")]
    [InlineData("serve --new-key anna", "--new-key needs --keys")]
    [InlineData("serve --models RUN --port 70000", "--port")]
    public void What_cannot_be_served_is_refused_in_words(string command, string words)
    {
        var result = InProcess.Run([.. command.Split(' ').Select(part => part == "RUN" ? trained.Run : part)]);

        Assert.Equal(2, result.ExitCode);
        Assert.Contains(words, result.Error, StringComparison.Ordinal);
        Assert.DoesNotContain("   at ", result.Error, StringComparison.Ordinal);
    }

    [Fact]
    public void A_new_key_is_printed_once_and_only_its_hash_is_kept()
    {
        var keys = Path.Combine(_folder.FullName, "keys.txt");

        var result = InProcess.Run("serve", "--keys", keys, "--new-key", "anna");

        Assert.Equal(0, result.ExitCode);
        Assert.Matches("^[0-9a-f]{64}\n$", result.Output);
        Assert.DoesNotContain(result.Output.Trim(), File.ReadAllText(keys), StringComparison.Ordinal);
    }

    public void Dispose() => _folder.Dispose();

    private static async Task<string> Message(Socket socket)
    {
        var buffer = new byte[1000];
        return Encoding.UTF8.GetString(buffer, 0, await socket.ReceiveAsync(buffer, Stop));
    }

    private static async Task<(string Said, string Address)> AddressOf(Process process)
    {
        var said = "";
        while (await process.StandardError.ReadLineAsync(Stop) is { } line)
        {
            said += line + "\n";
            if (Serving().Match(line) is { Success: true } match)
            {
                return (said, match.Groups[1].Value);
            }
        }

        throw new InvalidOperationException($"It does not serve:\n{said}");
    }

    [GeneratedRegex("serving at (http://[0-9.:]+)")]
    private static partial Regex Serving();
}
