using Deque.AxeCore.Playwright;
using Microsoft.Playwright;

namespace TransformerClinic.Web.Tests.Dashboard;

/// <summary>A real browser without a window: the Chromium of this machine, driven by Playwright.</summary>
public sealed class Browser : IAsyncLifetime
{
    private static readonly string[] Places =
    [
        "/usr/bin/chromium",
        "/usr/bin/chromium-browser",
        "/usr/bin/google-chrome",
        "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome",
        Path.Combine(
            Environment.GetFolderPath(Environment.SpecialFolder.ProgramFiles),
            "Google/Chrome/Application/chrome.exe"
        ),
    ];

    private IPlaywright? _playwright;
    private IBrowser? _browser;
    private string _missing = "";

    /// <summary>Skips a test, with the reason, where there is no browser.</summary>
    internal void SkipIfMissing() => Assert.SkipWhen(_missing.Length > 0, _missing);

    /// <summary>Opens a page; a message on its console, or a script that fails, is a failure.</summary>
    internal async Task<IPage> OpenAsync(string address, bool dark, int width = 1280)
    {
        var context = await _browser!.NewContextAsync(
            new()
            {
                ColorScheme = dark ? ColorScheme.Dark : ColorScheme.Light,
                ViewportSize = new() { Width = width, Height = 900 },
                Permissions = ["clipboard-read", "clipboard-write"],
                BaseURL = address,
            }
        );
        var page = await context.NewPageAsync();
        page.Console += (_, message) =>
        {
            if (message.Type is "error" or "warning")
            {
                Problems.Add(message.Text);
            }
        };
        page.PageError += (_, error) => Problems.Add(error);
        return page;
    }

    /// <summary>What pages complained of.</summary>
    internal List<string> Problems { get; } = [];

    /// <summary>Closes all pages, before their service is gone.</summary>
    internal async Task CloseAllAsync()
    {
        foreach (var context in _browser?.Contexts.ToList() ?? [])
        {
            await context.CloseAsync();
        }

        Problems.Clear();
    }

    /// <summary>What axe finds on a page that keeps people from using it.</summary>
    internal static async Task<IReadOnlyList<string>> SeriousFaultsAsync(IPage page)
    {
        var found = await page.RunAxe();
        return
        [
            .. found
                .Violations.Where(fault => fault.Impact is "serious" or "critical")
                .Select(fault => $"{fault.Id}: {string.Join("; ", fault.Nodes.Select(node => node.Html))}"),
        ];
    }

    public async ValueTask InitializeAsync()
    {
        var path = Places.FirstOrDefault(File.Exists);
        if (path is null)
        {
            _missing = $"There is no Chromium on this machine; looked for {string.Join(", ", Places)}.";
            return;
        }

        _playwright = await Playwright.CreateAsync();
        _browser = await _playwright.Chromium.LaunchAsync(new() { ExecutablePath = path, Args = ["--no-sandbox"] });
    }

    public async ValueTask DisposeAsync()
    {
        if (_browser is not null)
        {
            await _browser.CloseAsync();
        }

        _playwright?.Dispose();
    }
}
