using System.Net;
using System.Text.RegularExpressions;
using TransformerClinic.Web.Dashboard;
using TransformerClinic.Web.Security;
using TransformerClinic.Web.Tests.Runs;

namespace TransformerClinic.Web.Tests.Dashboard;

public sealed partial class PageTests(ServedModelFixture fixture) : IAsyncLifetime
{
    private readonly TemporaryFolder _folder = new();
    private LoggedRun _run = null!;
    private RunningService _service = null!;

    private HttpClient Client => _service.Client;

    public async ValueTask InitializeAsync()
    {
        _run = new LoggedRun(_folder.PathOf("runs/a")).Train(10, 20, 30).Valid(30);
        _run.KeepBatch("update-000033");
        _run.GoBackTo(20, "offending/update-000033");
        _service = await fixture.StartAsync(options => options with { Runs = _folder.PathOf("runs") });
    }

    public async ValueTask DisposeAsync()
    {
        await _service.DisposeAsync();
        _run.Dispose();
        _folder.Dispose();
    }

    [Theory]
    [InlineData("/")]
    [InlineData("/runs")]
    [InlineData("/runs/a")]
    [InlineData("/runs/a/offending/update-000033")]
    [InlineData("/compare")]
    [InlineData("/compare?runs=a")]
    [InlineData("/sign-in")]
    public async Task A_page_loads_only_files_of_this_service_and_has_nothing_inline(string address)
    {
        var response = await Client.AskAsync(address);
        var html = await response.BodyAsync();

        response.EnsureSuccessStatusCode();
        Assert.Equal(PageHeaders.Policy, Header(response, "Content-Security-Policy"));
        Assert.Equal("nosniff", Header(response, "X-Content-Type-Options"));
        Assert.Equal("same-origin", Header(response, "Referrer-Policy"));
        Assert.Empty(Inline().Matches(html));
        Assert.NotEmpty(Loaded().Matches(html));
        foreach (var loaded in Loaded().Matches(html).Select(match => match.Groups[1].Value))
        {
            Assert.StartsWith("/assets/", loaded, StringComparison.Ordinal);
            (await Client.AskAsync(loaded)).EnsureSuccessStatusCode();
        }
    }

    [Fact]
    public async Task Every_module_that_a_script_imports_is_served()
    {
        var open = new Queue<string>(["run.js", "translate.js", "list.js"]);
        var seen = new HashSet<string>();
        while (open.TryDequeue(out var name))
        {
            var response = await Client.AskAsync(Assets.Folder + name);
            Assert.Equal("text/javascript", response.Content.Headers.ContentType!.MediaType);
            foreach (Match import in Import().Matches(await response.BodyAsync()))
            {
                if (seen.Add(import.Groups[1].Value))
                {
                    open.Enqueue(import.Groups[1].Value);
                }
            }
        }

        Assert.Contains("uplot/uPlot.esm.js", seen);
        Assert.Contains("MIT", await Client.TextAsync("/assets/uplot/LICENSE"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_asset_that_has_not_changed_is_not_sent_again()
    {
        var first = await Client.AskAsync("/assets/pages.css");
        using var request = new HttpRequestMessage(HttpMethod.Get, "/assets/pages.css");
        request.Headers.IfNoneMatch.Add(first.Headers.ETag!);

        Assert.Equal(
            HttpStatusCode.NotModified,
            (await Client.SendAsync(request, TestContext.Current.CancellationToken)).StatusCode
        );
    }

    [Fact]
    public async Task Without_scripts_a_form_translates()
    {
        var answer = await Client.SendFormAsync(
            "/",
            ("model", "tiny"),
            ("text", "Wählen Sie <eine> Datei.\r\nGuten Morgen!")
        );
        var html = await answer.BodyAsync();

        var expected = $"{fixture.TranslationOf("Wählen Sie <eine> Datei.")}\n{fixture.TranslationOf("Guten Morgen!")}";
        Assert.Equal(expected, WebUtility.HtmlDecode(Output().Match(html).Groups[1].Value));
        Assert.Contains("\nWählen Sie &lt;eine&gt; Datei.\nGuten Morgen!</textarea>", html, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_text_that_is_too_long_stays_in_the_form_and_the_page_says_why()
    {
        var response = await Client.SendFormAsync("/", ("text", new string('x', 5001)));
        var html = await response.BodyAsync();

        Assert.Equal(HttpStatusCode.RequestEntityTooLarge, response.StatusCode);
        Assert.Contains("A text has 5001 characters", html, StringComparison.Ordinal);
        Assert.Contains(new string('x', 5001), html, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_page_of_a_run_leads_from_an_incident_to_its_batch()
    {
        var html = await Client.TextAsync("/runs/a");
        var batch = await Client.TextAsync("/runs/a/offending/update-000033");

        Assert.Contains("""href="/runs/a/offending/update-000033">""", html, StringComparison.Ordinal);
        Assert.Contains("went back to this update (rollback 1)", html, StringComparison.Ordinal);
        Assert.Contains("Eine &lt;Quelle&gt;", batch, StringComparison.Ordinal);
        Assert.Contains("decoder 2", batch, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_report_is_shown_and_nothing_in_it_runs()
    {
        File.WriteAllText(Path.Combine(_run.Folder, "report.html"), "<h1>report</h1>");

        var response = await Client.AskAsync("/runs/a/report");

        Assert.Equal("<h1>report</h1>", await response.BodyAsync());
        Assert.Contains("default-src 'none'", Header(response, "Content-Security-Policy"), StringComparison.Ordinal);
        Assert.EndsWith("sandbox", Header(response, "Content-Security-Policy"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_is_not_there_is_a_page_that_says_so()
    {
        var response = await Client.AskAsync("/runs/nothing");

        Assert.Equal(HttpStatusCode.NotFound, response.StatusCode);
        Assert.Equal("text/html", response.Content.Headers.ContentType!.MediaType);
        Assert.Contains("There is no such run", await response.BodyAsync(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Several_hundred_runs_are_listed()
    {
        foreach (var i in Enumerable.Range(0, 300))
        {
            _folder.Write($"runs/many/run-{i}/recipe.yaml", $"name: run-{i}");
        }

        Assert.Contains("301 runs, 0 at work", await Client.TextAsync("/runs"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task With_keys_a_page_asks_for_one_and_takes_it_as_a_cookie()
    {
        var file = _folder.PathOf("keys.txt");
        var key = ApiKeys.Add(file, "anna");
        await using var service = await fixture.StartAsync(options =>
            options with
            {
                Runs = _folder.PathOf("runs"),
                Keys = file,
            }
        );
        using var handler = new HttpClientHandler { AllowAutoRedirect = false };
        using var browser = new HttpClient(handler) { BaseAddress = service.Client.BaseAddress };

        var asked = await browser.AskAsync("/runs/a");
        Assert.Equal(HttpStatusCode.Redirect, asked.StatusCode);
        Assert.Equal("/sign-in?next=%2Fruns%2Fa", asked.Headers.Location!.OriginalString);
        (await browser.AskAsync("/assets/pages.css")).EnsureSuccessStatusCode();
        Assert.Contains(
            """value="/runs/a" """,
            await browser.TextAsync(asked.Headers.Location.OriginalString),
            StringComparison.Ordinal
        );

        var wrong = await browser.SendFormAsync("/sign-in", ("key", "wrong"), ("next", "/runs/a"));
        Assert.Equal(HttpStatusCode.Forbidden, wrong.StatusCode);
        Assert.False(wrong.Headers.Contains("Set-Cookie"));

        var right = await browser.SendFormAsync("/sign-in", ("key", key), ("next", "/runs/a"));
        Assert.Equal("/runs/a", right.Headers.Location!.OriginalString);
        var cookie = Assert.Single(right.Headers.GetValues("Set-Cookie"));
        Assert.Contains("; path=/; samesite=strict; httponly", cookie, StringComparison.OrdinalIgnoreCase);

        (await browser.AskAsync("/runs/a")).EnsureSuccessStatusCode();
        (await browser.AskAsync("/v1/runs")).EnsureSuccessStatusCode();

        await browser.SendFormAsync("/sign-out");
        Assert.Equal(HttpStatusCode.Redirect, (await browser.AskAsync("/runs/a")).StatusCode);
        Assert.Equal(HttpStatusCode.Unauthorized, (await browser.AskAsync("/v1/runs")).StatusCode);
    }

    [Theory]
    [InlineData("//evil.example/")]
    [InlineData("/\\evil.example")]
    [InlineData("https://evil.example/")]
    [InlineData("javascript:alert(1)")]
    [InlineData("")]
    public async Task Signing_in_leads_to_no_other_site(string next)
    {
        using var handler = new HttpClientHandler { AllowAutoRedirect = false };
        using var browser = new HttpClient(handler) { BaseAddress = Client.BaseAddress };

        var answer = await browser.SendFormAsync("/sign-in", ("key", "any"), ("next", next));

        Assert.Equal("/", answer.Headers.Location!.OriginalString);
    }

    private static string Header(HttpResponseMessage response, string name) =>
        Assert.Single(response.Headers.GetValues(name));

    [GeneratedRegex("""<style|\sstyle=|\son[a-z]+=|javascript:|<script(?![^>]* src=)""")]
    private static partial Regex Inline();

    [GeneratedRegex("""<(?:script|link)[^>]* (?:src|href)="(?!data:)([^"]*)""")]
    private static partial Regex Loaded();

    [GeneratedRegex("""(?:from|import) '\./([^']+)'""")]
    private static partial Regex Import();

    [GeneratedRegex("""<div id="translation"[^>]*>([^<]*)</div>""")]
    private static partial Regex Output();
}
