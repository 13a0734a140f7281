using System.Diagnostics;
using Microsoft.Playwright;
using TransformerClinic.Web.Tests.Runs;
using static Microsoft.Playwright.Assertions;

namespace TransformerClinic.Web.Tests.Dashboard;

/// <summary>The pages in a real browser, light and dark.</summary>
[Trait("Speed", "Slow")]
public sealed class BrowserTests(ServedModelFixture fixture, Browser browser) : IClassFixture<Browser>, IAsyncLifetime
{
    private const float Patience = 60_000;
    private readonly TemporaryFolder _folder = new();
    private RunningService _service = null!;

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        browser.SkipIfMissing();
        Directory.CreateDirectory(_folder.PathOf("runs"));
        _service = await fixture.StartAsync(options => options with { Runs = _folder.PathOf("runs") });
    }

    public async ValueTask DisposeAsync()
    {
        await browser.CloseAllAsync();
        if (_service is not null)
        {
            await _service.DisposeAsync();
        }

        _folder.Dispose();
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_text_is_translated_while_it_is_typed_and_has_other_translations(bool dark)
    {
        var page = await OpenAsync("/", dark);
        var output = page.Locator("#translation");

        await page.Locator("#text").FillAsync("Guten Morgen!\n\nDie Datei");
        await Expect(output.Locator(".sentence")).ToHaveCountAsync(2);
        Assert.Equal(
            $"{fixture.TranslationOf("Guten Morgen!")}\n\n{fixture.TranslationOf("Die Datei")}",
            await output.TextContentAsync()
        );

        await page.Locator("#while-typing").UncheckAsync();
        await page.Locator("#text").FillAsync("Guten Morgen!");
        await page.Locator("#text").PressAsync("Control+Enter");
        await Expect(output.Locator(".sentence")).ToHaveCountAsync(1);

        await page.GetByRole(AriaRole.Button, new() { Name = "Copy the translation" }).ClickAsync();
        await Expect(page.Locator("#status")).ToHaveTextAsync("Copied.");
        Assert.Equal(
            fixture.TranslationOf("Guten Morgen!"),
            await page.EvaluateAsync<string>("navigator.clipboard.readText()")
        );

        await output.Locator(".sentence").FocusAsync();
        await page.Keyboard.PressAsync("Enter");
        var others = page.Locator("#alternatives li .second");
        await Expect(others).ToHaveCountAsync(3);
        var second = await others.Nth(1).TextContentAsync();
        await others.Nth(1).ClickAsync();
        await Expect(output).ToHaveTextAsync(second!);

        await AssertSoundAsync(page);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Curves_grow_while_a_process_trains(bool dark)
    {
        using var training = Train(_folder.PathOf("runs/live"));
        try
        {
            await WaitForAsync(() => File.Exists(_folder.PathOf("runs/live/log.jsonl")), training);
            var page = await OpenAsync("/runs/live", dark);
            var loss = page.Locator("figure#loss");
            await Expect(loss.Locator(".plot canvas")).ToBeVisibleAsync(new() { Timeout = Patience });
            await Expect(page.Locator("#standing .badge")).ToHaveTextAsync("training");
            await Expect(page.Locator("#standing")).ToContainTextAsync("Time left");

            var points = await PointsAsync(loss);
            var updates = await page.Locator("#standing dd").First.TextContentAsync();
            await page.WaitForFunctionAsync(
                "before => Number(document.querySelector('figure#loss').dataset.points) > before + 5",
                points,
                new() { Timeout = Patience }
            );
            await Expect(page.Locator("#standing dd").First)
                .Not.ToHaveTextAsync(updates!, new() { Timeout = Patience });
            await Expect(page.Locator("#translations dt", new() { HasTextRegex = new("update \\d") }).First)
                .ToBeVisibleAsync(new() { Timeout = Patience });

            training.Kill();
            await training.WaitForExitAsync(Stop);
            await Expect(page.Locator("#standing .badge")).ToHaveTextAsync("stopped", new() { Timeout = Patience });
            await AssertSoundAsync(page);
        }
        finally
        {
            if (!training.HasExited)
            {
                training.Kill();
                await training.WaitForExitAsync(Stop);
            }
        }
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_rollback_takes_its_updates_off_the_curve_and_its_mark_leads_to_the_batch(bool dark)
    {
        using var run = new LoggedRun(_folder.PathOf("runs/a")).Train(Enumerable.Range(1, 40).Select(i => 10L * i));
        var page = await OpenAsync("/runs/a", dark);
        var gradient = page.Locator("figure#gradient-norm");
        await Expect(gradient).ToHaveAttributeAsync("data-points", "40");

        run.KeepBatch("update-000033");
        run.GoBackTo(200, "offending/update-000033");

        await Expect(gradient).ToHaveAttributeAsync("data-points", "20", new() { Timeout = Patience });
        var mark = gradient.Locator("a.mark");
        await Expect(mark).ToHaveCountAsync(1);
        await Expect(page.Locator("#incidents")).ToContainTextAsync("rollback 1", new() { Timeout = Patience });
        await AssertSoundAsync(page);

        await mark.ClickAsync();
        await Expect(page.Locator("h1")).ToHaveTextAsync("update-000033");
        await Expect(page.Locator("td").First).ToHaveTextAsync("Eine <Quelle>");
        await AssertSoundAsync(page);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Runs_are_chosen_from_the_list_and_compared(bool dark)
    {
        long[] steps = [.. Enumerable.Range(1, 20).Select(i => 10L * i)];
        using var a = new LoggedRun(_folder.PathOf("runs/a")).Train(steps).Valid(200);
        using var b = new LoggedRun(
            _folder.PathOf("runs/b"),
            recipe => recipe with { Training = recipe.Training with { ClipNorm = 3 } }
        )
            .Train(steps[..10])
            .Valid(100);
        var page = await OpenAsync("/runs", dark);
        await AssertSoundAsync(page);

        await page.GetByRole(AriaRole.Checkbox, new() { Name = "a", Exact = true }).CheckAsync();
        await page.GetByRole(AriaRole.Checkbox, new() { Name = "b", Exact = true }).CheckAsync();
        await page.GetByRole(AriaRole.Button, new() { Name = "Compare the chosen runs" }).ClickAsync();

        await Expect(page).ToHaveURLAsync(new System.Text.RegularExpressions.Regex("/compare\\?runs=a&runs=b$"));
        await Expect(page.Locator("section[aria-labelledby=differences-heading]"))
            .ToContainTextAsync("training.clipNorm");
        await Expect(page.Locator("figure#training-loss")).ToHaveAttributeAsync("data-points", "20");
        await Expect(page.Locator("figure#training-loss .u-series")).ToHaveCountAsync(3);
        await AssertSoundAsync(page);
    }

    [Fact]
    public async Task On_a_phone_nothing_is_wider_than_the_page()
    {
        using var a = new LoggedRun(_folder.PathOf("runs/a")).Train(10, 20, 30).Valid(30);
        foreach (var address in (string[])["/", "/runs", "/runs/a", "/compare?runs=a", "/sign-in"])
        {
            var page = await browser.OpenAsync(_service.Address, dark: false, width: 390);
            await page.GotoAsync(address);
            Assert.True(
                await page.EvaluateAsync<bool>("document.documentElement.scrollWidth <= innerWidth"),
                $"{address} is wider than the window"
            );
        }
    }

    private async Task<IPage> OpenAsync(string address, bool dark)
    {
        var page = await browser.OpenAsync(_service.Address, dark);
        await page.GotoAsync(address);
        return page;
    }

    private async Task AssertSoundAsync(IPage page)
    {
        Assert.Empty(await Browser.SeriousFaultsAsync(page));
        Assert.Empty(browser.Problems);
    }

    private static async Task<int> PointsAsync(ILocator figure)
    {
        await Expect(figure).ToHaveAttributeAsync("data-points", new System.Text.RegularExpressions.Regex("\\d"));
        return int.Parse((await figure.GetAttributeAsync("data-points"))!, null);
    }

    /// <summary>The command in the folder that it is built in, of the same configuration as these tests.</summary>
    private static string Program
    {
        get
        {
            var output = new DirectoryInfo(Path.TrimEndingDirectorySeparator(AppContext.BaseDirectory));
            return Path.Combine(
                RepositoryRoot.PathOf("src", "Clinic.Cli", "bin", output.Parent!.Name, output.Name),
                OperatingSystem.IsWindows() ? "clinic.exe" : "clinic"
            );
        }
    }

    /// <summary>The command as a process, which trains until it is killed.</summary>
    private Process Train(string folder)
    {
        NumberWords.Write(_folder.PathOf("train.tsv"), 400);
        NumberWords.Write(_folder.PathOf("valid.tsv"), 20);
        var recipe = _folder.Write(
            "live.yaml",
            """
            name: live
            threads: 1
            data: { sourceLanguage: de, targetLanguage: en, train: train.tsv, valid: valid.tsv }
            subwords: { merges: 50 }
            model:
              encoder: { layers: 2, variant: admin }
              decoder: { layers: 2, variant: admin }
              dim: 16
              heads: 2
              feedForwardDim: 32
            training:
              tokensPerBatch: 200
              maxUpdates: 1000000
              validateEvery: 20
              validationTranslations: 2
              checkpointEvery: 1000
              logEvery: 5
              precision: fp32
              schedule: { learningRate: 1e-2, warmUpUpdates: 4 }
            """
        );
        var start = new ProcessStartInfo(Program, ["train", recipe, "--run", folder])
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        var process = Process.Start(start)!;
        process.OutputDataReceived += (_, _) => { };
        process.ErrorDataReceived += (_, _) => { };
        process.BeginOutputReadLine();
        process.BeginErrorReadLine();
        return process;
    }

    private static async Task WaitForAsync(Func<bool> happened, Process process)
    {
        while (!happened())
        {
            Assert.False(process.HasExited, "The training ended.");
            await Task.Delay(50, Stop);
        }
    }
}
