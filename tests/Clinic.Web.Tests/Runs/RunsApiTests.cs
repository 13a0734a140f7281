using System.Net;
using System.Net.Sockets;
using System.Text;
using System.Text.Json;
using TransformerClinic.Runs;
using TransformerClinic.Web.Runs;

namespace TransformerClinic.Web.Tests.Runs;

public sealed class RunsApiTests(ServedModelFixture fixture) : IAsyncLifetime
{
    private readonly TemporaryFolder _folder = new();
    private LoggedRun _run = null!;
    private RunningService _service = null!;

    private HttpClient Client => _service.Client;

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        _run = new LoggedRun(_folder.PathOf("runs/a")).Train(10, 20, 30).Valid(30);
        _service = await fixture.StartAsync(options => options with { Runs = _folder.PathOf("runs") });
    }

    public async ValueTask DisposeAsync()
    {
        await _service.DisposeAsync();
        _run.Dispose();
        _folder.Dispose();
    }

    [Fact]
    public async Task Runs_are_listed_and_described()
    {
        using var other = new LoggedRun(_folder.PathOf("runs/pair/b"));

        var list = await Client.JsonAsync("/v1/runs");
        var one = await Client.JsonAsync("/v1/runs/a");

        Assert.Equal(["a", "pair:b"], list.GetProperty("runs").EnumerateArray().Select(run => Text(run, "id")));
        Assert.Equal(("stopped", 30), (Text(one, "status"), one.GetProperty("updates").GetInt32()));
        Assert.Equal("pair:b", Text(await Client.JsonAsync("/v1/runs/pair:b"), "id"));
    }

    [Fact]
    public async Task A_log_is_read_in_parts()
    {
        var first = await Client.JsonAsync("/v1/runs/a/log");
        _run.Train(40);
        var second = await Client.JsonAsync($"/v1/runs/a/log?from={Text(first, "next")}");
        var third = await Client.JsonAsync($"/v1/runs/a/log?from={Text(second, "next")}");

        Assert.Equal([10L, 20, 30, 30], Steps(first));
        Assert.Equal([40L], Steps(second));
        Assert.Empty(Steps(third));
        Assert.Equal(Text(second, "next"), Text(third, "next"));

        _run.GoBackTo(20);
        var fourth = await Client.JsonAsync($"/v1/runs/a/log?from={Text(third, "next")}");
        Assert.Equal("0", Text(fourth, "backTo")); // an offset alone cannot tell how much is still there
        Assert.Equal([10L, 20, 20], Steps(fourth));
    }

    [Fact]
    public async Task Lines_arrive_as_events_while_they_are_written_and_a_rollback_is_told()
    {
        using var events = await SseReader.OpenAsync(Client, "/v1/runs/a/events");
        var read = new List<SseReader.Event>();
        for (var i = 0; i < 4; i++)
        {
            read.Add((await events.NextAsync())!);
        }

        Assert.All(read, found => Assert.Equal("line", found.Name));
        Assert.Equal("state", (await events.NextAsync())!.Name);

        _run.Append(
            new LogEntry
            {
                Kind = LogKind.Sublayers,
                Step = 35,
                Sublayers = [],
                Seconds = 3.5,
            }
        ); // not shown
        _run.Train(40);
        var line = await events.NextOfLogAsync();
        Assert.Equal(40, LogLines.Parse(line.Data)!.Step);
        Assert.Equal(new FileInfo(_run.LogPath).Length, LogPosition.Parse(line.Id)!.Value.Offset);

        _run.GoBackTo(20);
        var rewind = await events.NextOfLogAsync();
        Assert.Equal(("rewind", read[1].Id), (rewind.Name, rewind.Data));
        Assert.Equal(LogKind.Rollback, LogLines.Parse((await events.NextOfLogAsync()).Data)!.Kind);
    }

    [Fact]
    public async Task A_client_that_comes_back_gets_what_it_missed()
    {
        string last;
        using (var events = await SseReader.OpenAsync(Client, "/v1/runs/a/events"))
        {
            await events.NextAsync();
            last = (await events.NextAsync())!.Id;
        }

        using (var again = await SseReader.OpenAsync(Client, "/v1/runs/a/events", last))
        {
            Assert.Equal(30, LogLines.Parse((await again.NextAsync())!.Data)!.Step);
        }

        // What it knows last is gone by the time that it comes back.
        _run.GoBackTo(10);
        _run.Train(41, 51, 61);
        using var late = await SseReader.OpenAsync(Client, "/v1/runs/a/events", last);
        Assert.Equal(("rewind", "0"), ((await late.NextAsync())! is var found ? found.Name : "", "0"));
        Assert.Equal(10, LogLines.Parse((await late.NextAsync())!.Data)!.Step);
    }

    [Fact]
    public async Task Events_outlast_the_time_limit_of_requests()
    {
        await using var hasty = await fixture.StartAsync(options =>
            options with
            {
                Runs = _folder.PathOf("runs"),
                Limits = options.Limits with { Seconds = 1 },
            }
        );
        using var events = await SseReader.OpenAsync(hasty.Client, "/v1/runs/a/events");
        var heartbeats = 0;
        while (heartbeats < 3)
        {
            heartbeats += (await events.NextAsync())!.Name == "state" ? 1 : 0;
        }

        _run.Train(40);
        Assert.Equal("line", (await events.NextOfLogAsync()).Name);
    }

    [Fact]
    public async Task Events_end_when_the_service_stops()
    {
        var stopping = await fixture.StartAsync(options => options with { Runs = _folder.PathOf("runs") });
        using var events = await SseReader.OpenAsync(stopping.Client, "/v1/runs/a/events");
        await events.NextAsync();

        var stopped = stopping.DisposeAsync();
        while (await events.NextAsync() is not null)
        {
            // What there was to read.
        }

        await stopped;
    }

    [Fact]
    public async Task A_training_goes_on_undisturbed_while_it_is_followed()
    {
        using var events = await SseReader.OpenAsync(Client, "/v1/runs/a/events");
        await events.NextAsync();

        // The writer of the log opens it so that no other may write, and replaces files by renaming.
        _run.Dispose();
        using var log = RunLog.Open(_run.LogPath, 20);
        Directory.Move(_run.Folder, _run.Folder + "-moved");
        Assert.Equal(HttpStatusCode.NotFound, (await Client.AskAsync("/v1/runs/a")).StatusCode);
        Directory.Move(_run.Folder + "-moved", _run.Folder);
    }

    [Fact]
    public async Task Recipes_are_compared_key_by_key()
    {
        using var b = new LoggedRun(
            _folder.PathOf("runs/b"),
            recipe => recipe with { Seed = 7, Training = recipe.Training with { MaxUpdates = 5 } }
        );

        var comparison = await Client.JsonAsync("/v1/compare?runs=a,b");

        var differences = comparison
            .GetProperty("differences")
            .EnumerateArray()
            .ToDictionary(
                row => Text(row, "key"),
                row => row.GetProperty("values").EnumerateArray().Select(value => value.GetString()).ToList()
            );
        Assert.Equal(["name", "seed", "training.maxUpdates"], differences.Keys);
        Assert.Equal(["1000", "5"], differences["training.maxUpdates"]);
        Assert.Equal(
            await Client.TextAsync("/v1/compare?runs=a,b"),
            await Client.TextAsync("/v1/compare?runs=a&runs=b&runs=a")
        );
        Assert.Equal(HttpStatusCode.BadRequest, (await Client.AskAsync("/v1/compare?runs=1,2,3,4,5,6,7")).StatusCode);
    }

    [Fact]
    public async Task Batches_and_translations_are_there_to_read()
    {
        _run.KeepBatch("update-000033");
        _folder.Write(
            "runs/a/validation.json",
            """
            {"sentences": [{"source": "Datei", "reference": "File"}],
             "validations": [{"step": 10, "translations": ["the"]}, {"step": 20, "translations": [], "problem": "p"}]}
            """
        );

        var names = await Client.JsonAsync("/v1/runs/a/offending");
        var batch = await Client.JsonAsync("/v1/runs/a/offending/update-000033");
        var translations = await Client.JsonAsync("/v1/runs/a/translations");

        Assert.Equal("update-000033", names.GetProperty("names")[0].GetString());
        Assert.Equal(("the loss jumped", "decoder 2"), (Text(batch, "cause"), Text(batch, "where")));
        Assert.Equal("Eine <Quelle>", Text(batch.GetProperty("rows")[0], "source"));
        Assert.Equal(2, batch.GetProperty("undoneLines").GetInt32());
        Assert.Equal("valid", Text(translations, "set"));
        Assert.Equal(
            ["the", "p"],
            translations
                .GetProperty("sentences")[0]
                .GetProperty("translations")
                .EnumerateArray()
                .Select(found => Text(found, "text"))
        );
    }

    [Theory]
    [InlineData("/v1/runs/../../secret")]
    [InlineData("/v1/runs/..%2f..%2fsecret")]
    [InlineData("/v1/runs/%2e%2e%2f%2e%2e%2fsecret/log")]
    [InlineData("/v1/runs/..%5c..%5csecret/events")]
    [InlineData("/v1/runs/%252e%252e%252fsecret/log")]
    [InlineData("/v1/runs/..:..:secret/log")]
    [InlineData("/v1/runs/a%00/log")]
    [InlineData("/v1/runs/a/offending/..%2f..%2f..%2fsecret")]
    [InlineData("/runs/..%2f..%2fsecret")]
    [InlineData("/runs/a/offending/%2e%2e%2f%2e%2e")]
    [InlineData("/runs/a/report/..%2f..%2fsecret")]
    [InlineData("/assets/..%2f..%2fsecret")]
    [InlineData("/assets/%2e%2e/appsettings.json")]
    [InlineData("/v1/compare?runs=..%2f..%2fsecret")]
    public async Task Nothing_outside_the_folder_of_runs_can_be_asked_for(string address)
    {
        _folder.Write("secret/recipe.yaml", "name: secret-recipe");
        _folder.Write("secret/log.jsonl", "{\"secret\":1}\n");
        _folder.Write("secret/batch.json", "{\"secret\":1}");

        var answer = await RawAsync(address);

        Assert.Matches("^HTTP/1.1 (400|404) ", answer);
        Assert.DoesNotContain("secret-recipe", answer, StringComparison.Ordinal);
        Assert.DoesNotContain("\"secret\"", answer, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_link_in_a_run_leads_nowhere()
    {
        _folder.Write("secret.txt", "{\"secret\":1}\n");
        Directory.CreateDirectory(_folder.PathOf("runs/linked"));
        File.Copy(Path.Combine(_run.Folder, "recipe.yaml"), _folder.PathOf("runs/linked/recipe.yaml"));
        foreach (var name in (string[])["log.jsonl", "results.json", "report.html", "translations.tsv"])
        {
            File.CreateSymbolicLink(_folder.PathOf($"runs/linked/{name}"), _folder.PathOf("secret.txt"));
        }

        Directory.CreateDirectory(_folder.PathOf("elsewhere/update-1"));
        Directory.CreateSymbolicLink(_folder.PathOf("runs/linked/offending"), _folder.PathOf("elsewhere"));

        Assert.Empty(Steps(await Client.JsonAsync("/v1/runs/linked/log")));
        Assert.Equal(HttpStatusCode.NotFound, (await Client.AskAsync("/runs/linked/report")).StatusCode);
        Assert.Equal("{\"names\":[]}", await Client.TextAsync("/v1/runs/linked/offending"));
    }

    [Fact]
    public async Task Without_a_folder_of_runs_there_are_none()
    {
        Assert.Equal("{\"runs\":[]}", await fixture.Service.Client.TextAsync("/v1/runs"));
        var answer = await fixture.Service.Client.AskAsync("/v1/runs/a");
        Assert.Equal(HttpStatusCode.NotFound, answer.StatusCode);
        Assert.Contains("This service shows no runs", await answer.BodyAsync(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Looking_changes_nothing_in_the_folder()
    {
        _run.KeepBatch("update-000033");
        string[] before = [.. FilesOf(_folder.PathOf("runs"))];

        foreach (
            var address in (string[])
                [
                    "/v1/runs",
                    "/v1/runs/a",
                    "/v1/runs/a/log",
                    "/v1/compare?runs=a",
                    "/runs",
                    "/runs/a",
                    "/runs/a/offending/update-000033",
                    "/compare?runs=a",
                ]
        )
        {
            (await Client.AskAsync(address)).EnsureSuccessStatusCode();
        }

        Assert.Equal(before, FilesOf(_folder.PathOf("runs")));
    }

    private static IEnumerable<string> FilesOf(string folder) =>
        Directory
            .EnumerateFileSystemEntries(folder, "*", SearchOption.AllDirectories)
            .Order(StringComparer.Ordinal)
            .Select(path => $"{path} {File.GetLastWriteTimeUtc(path):O}");

    /// <summary>The address as it is: a client's library would tidy it up.</summary>
    private async Task<string> RawAsync(string address)
    {
        var uri = new Uri(_service.Address);
        using var client = new TcpClient();
        await client.ConnectAsync(uri.Host, uri.Port, Stop);
        await using var stream = client.GetStream();
        await stream.WriteAsync(
            Encoding.ASCII.GetBytes($"GET {address} HTTP/1.1\r\nHost: {uri.Authority}\r\nConnection: close\r\n\r\n"),
            Stop
        );
        using var reader = new StreamReader(stream);
        return await reader.ReadToEndAsync(Stop);
    }

    private static string Text(JsonElement json, string name) => json.GetProperty(name).GetString()!;

    private static IEnumerable<long> Steps(JsonElement log) =>
        log.GetProperty("lines").EnumerateArray().Select(line => LogLines.Parse(line.GetString()!)!.Step);
}
