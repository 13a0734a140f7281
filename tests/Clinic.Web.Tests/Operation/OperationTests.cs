using System.Diagnostics;
using System.Net;
using System.Net.Http.Json;
using System.Text.Json.Nodes;
using Microsoft.Extensions.DependencyInjection;
using TransformerClinic.Web.Operation;

namespace TransformerClinic.Web.Tests.Operation;

public class OperationTests(ServedModelFixture fixture)
{
    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Alive_and_ready_are_two_questions()
    {
        await using var service = await fixture.StartAsync();
        Assert.Equal(HttpStatusCode.OK, await StatusOf(service, Health.Live));
        Assert.Equal(HttpStatusCode.OK, await StatusOf(service, Health.Ready));

        service.Server.Services.GetRequiredService<ServiceActivity>().Drain();

        Assert.Equal(HttpStatusCode.OK, await StatusOf(service, Health.Live));
        using var ready = await service.Client.GetAsync(new Uri(Health.Ready, UriKind.Relative), Stop);
        Assert.Equal(HttpStatusCode.ServiceUnavailable, ready.StatusCode);
        Assert.Equal(
            "the service is stopping",
            (string?)JsonNode.Parse(await ready.Content.ReadAsStringAsync(Stop))!["reason"]
        );
    }

    [Fact]
    public async Task Stopping_under_load_loses_no_request_that_was_accepted()
    {
        var service = await fixture.StartAsync(options =>
            options with
            {
                Limits = options.Limits with { DrainSeconds = 5 },
            }
        );
        var expected = fixture.TranslationOf("eins zwei drei");
        var activity = service.Server.Services.GetRequiredService<ServiceActivity>();
        var (answered, begunBefore) = (0, activity.Begun);
        async Task AskUntilItIsGone()
        {
            while (true)
            {
                try
                {
                    Assert.Equal(expected, await Translate(service, "eins zwei drei"));
                    Interlocked.Increment(ref answered);
                }
                catch (HttpRequestException gone)
                    when (gone.HttpRequestError is HttpRequestError.ConnectionError or HttpRequestError.ResponseEnded)
                {
                    // Nobody listens any more, or the connection was closed while the request was on its way: whether
                    // the service had begun with it, the service knows.
                    return;
                }
            }
        }

        var clients = Enumerable.Range(0, 16).Select(_ => Task.Run(AskUntilItIsGone, Stop)).ToList();
        await Task.Delay(300, Stop);
        await service.Server.StopAsync(Stop);
        await Task.WhenAll(clients);
        var begun = activity.Begun - begunBefore;
        await service.DisposeAsync();

        Assert.Equal(begun, answered);
        Assert.True(answered > 16, $"{answered} answers");
    }

    [Fact]
    public async Task Texts_are_never_in_the_log()
    {
        await using var service = await fixture.StartAsync();
        await Translate(service, "Geheimnis");
        using var asked = await service.Client.GetAsync(new Uri("/v1/models?key=Geheimnis", UriKind.Relative), Stop);

        // The line is written after the answer.
        for (var i = 0; i < 100 && !service.Log.Contains("GET /v1/models 200", StringComparison.Ordinal); i++)
        {
            await Task.Delay(20, Stop);
        }

        Assert.Contains("POST /v1/translate 200", service.Log, StringComparison.Ordinal);
        Assert.Contains("GET /v1/models 200", service.Log, StringComparison.Ordinal);
        Assert.DoesNotContain("Geheimnis", service.Log, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Metrics_count_what_happens()
    {
        await using var service = await fixture.StartAsync();
        await Translate(service, "eins zwei");
        await Translate(service, "drei");

        var metrics = await service.Client.GetStringAsync(new Uri("/metrics", UriKind.Relative), Stop);

        Assert.Contains("clinic_sentences 2\n", metrics, StringComparison.Ordinal);
        Assert.Contains("clinic_batch_sentences_count 2\n", metrics, StringComparison.Ordinal);
        Assert.Contains("clinic_queue_subwords 0\n", metrics, StringComparison.Ordinal);
        Assert.Contains("clinic_queue_wait_seconds_count 2\n", metrics, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Prometheus_own_checker_finds_nothing_to_complain_about()
    {
        Assert.SkipUnless(File.Exists("/usr/bin/promtool"), "promtool (Debian's prometheus) is not installed");
        await using var service = await fixture.StartAsync();
        await Translate(service, "eins zwei");
        using var refused = await service.Client.PostAsJsonAsync(
            new Uri("/v1/translate", UriKind.Relative),
            new { text = "a", model = "other" },
            Stop
        );
        var metrics = await service.Client.GetStringAsync(new Uri("/metrics", UriKind.Relative), Stop);

        using var promtool = Process.Start(
            new ProcessStartInfo("/usr/bin/promtool", ["check", "metrics"])
            {
                RedirectStandardInput = true,
                RedirectStandardError = true,
                RedirectStandardOutput = true,
            }
        )!;
        var complaints = promtool.StandardError.ReadToEndAsync(Stop);
        await promtool.StandardInput.WriteAsync(metrics);
        promtool.StandardInput.Close();
        await promtool.WaitForExitAsync(Stop);

        Assert.Equal("", await complaints);
        Assert.Equal(0, promtool.ExitCode);
        Assert.Contains("clinic_rejected_requests{reason=\"model\"} 1", metrics, StringComparison.Ordinal);
    }

    private static async Task<string?> Translate(RunningService service, string text)
    {
        using var response = await service.Client.PostAsJsonAsync(
            new Uri("/v1/translate", UriKind.Relative),
            new { text },
            Stop
        );
        response.EnsureSuccessStatusCode();
        return (string?)JsonNode.Parse(await response.Content.ReadAsStringAsync(Stop))!["translations"]![0]!["text"];
    }

    private static async Task<HttpStatusCode> StatusOf(RunningService service, string path)
    {
        using var response = await service.Client.GetAsync(new Uri(path, UriKind.Relative), Stop);
        return response.StatusCode;
    }
}
