using System.Diagnostics;
using System.Text;
using System.Text.Json.Nodes;

namespace TransformerClinic.Web.Tests.Api;

/// <summary>
/// The real clients of DeepL and LibreTranslate from npm, where somebody installed them:
/// <c>npm install</c> in <c>tests/Clinic.Web.Tests/Clients</c>.
/// </summary>
[Trait("Speed", "Slow")]
public class RealClientsTests(ServedModelFixture models)
{
    private static readonly string[] Texts =
    [
        "Wählen Sie eine Datei aus.",
        "Möchten Sie das Dokument speichern?",
        "Guten Morgen & \"groß\" <klein>!",
        "eins zwei drei",
    ];

    private static string Folder => RepositoryRoot.PathOf("tests", "Clinic.Web.Tests", "Clients");

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Real_clients_get_the_translations_of_the_command(bool asksForKeys)
    {
        using var keys = new KeyFile();
        await using var service = await models.StartAsync(options =>
            asksForKeys ? options with { Keys = keys.Path } : options
        );
        var results = await RunAsync("texts.mjs", [service.Address, asksForKeys ? keys.Key : "any", .. Texts]);
        var expected = Texts.Select(models.TranslationOf).ToList();

        Assert.Equal(expected, Strings(results["libre"]!));
        Assert.Equal(expected, Strings(results["deeplMany"]!));
        Assert.Equal(expected[0], results["deeplOne"]!.GetValue<string>());
        Assert.Equal(expected[0], results["deeplOptions"]!.GetValue<string>());
        Assert.All(Strings(results["deeplDetected"]!), language => Assert.Equal("de", language));
        Assert.Equal(
            Texts.Select(text => text.Length),
            results["deeplBilled"]!.AsArray().Select(n => n!.GetValue<int>())
        );
        Assert.Equal(["de"], results["deeplSources"]!.AsArray().Select(one => one!["code"]!.GetValue<string>()));
        Assert.Equal(
            ["en", "en-GB", "en-US"],
            results["deeplTargets"]!.AsArray().Select(one => one!["code"]!.GetValue<string>())
        );
        Assert.False(results["deeplUsage"]!["reached"]!.GetValue<bool>());
        Assert.Empty(results["deeplGlossaries"]!.AsArray());
    }

    [Fact]
    public async Task Real_clients_understand_what_is_refused()
    {
        using var keys = new KeyFile();
        await using var service = await models.StartAsync(options => options with { Keys = keys.Path });
        await using var limited = await models.StartAsync(options =>
            options with
            {
                Limits = options.Limits with { RequestsPerMinute = 1 },
            }
        );
        var results = await RunAsync("refusals.mjs", [service.Address, keys.Key, limited.Address]);

        Assert.Equal("AuthorizationError", NameOf("wrongKey"));
        Assert.Equal("DeepLError", NameOf("wrongTarget"));
        Assert.Equal("DeepLError", NameOf("glossary"));
        Assert.Equal("TooManyRequestsError", NameOf("rate"));
        Assert.True(results["rateRetried"]!.GetValue<bool>());
        Assert.Equal("Invalid API key", MessageOf("libreWrongKey"));
        Assert.Equal("Please contact the server operator to obtain an API key", MessageOf("libreNoKey"));

        string NameOf(string name) => results[name]!["name"]!.GetValue<string>();
        string MessageOf(string name) => results[name]!["message"]!.GetValue<string>();
    }

    [Fact]
    public async Task Real_clients_have_documents_translated()
    {
        using var folder = new TemporaryFolder();
        var html = folder.Write("in/a.html", "<p>Guten Morgen!</p><pre>eins</pre>");
        var text = folder.Write("in/a.txt", "eins zwei drei\n");
        var srt = folder.Write("in/a.srt", "1\n00:00:01,000 --> 00:00:02,500\nGuten Morgen!\n");
        var docx = RepositoryRoot.PathOf("tests", "Documents.Tests", "Samples", "manual.docx");
        var results = await RunAsync(
            "documents.mjs",
            [models.Service.Address, "any", folder.FullName, html, text, srt, docx]
        );

        Assert.All(results.AsObject(), result => Assert.Equal("done", result.Value!["status"]!.GetValue<string>()));
        Assert.Equal(
            $"<p>{models.TranslationOf("Guten Morgen!")}</p><pre>eins</pre>",
            System.Net.WebUtility.HtmlDecode(File.ReadAllText(folder.PathOf("a.html")))
        );
        Assert.Equal(models.TranslationOf("eins zwei drei") + "\n", File.ReadAllText(folder.PathOf("a.txt")));
        Assert.Equal(
            $"1\n00:00:01,000 --> 00:00:02,500\n{models.TranslationOf("Guten Morgen!")}\n",
            File.ReadAllText(folder.PathOf("a.srt"))
        );
        Assert.Equal("PK"u8.ToArray(), File.ReadAllBytes(folder.PathOf("manual.docx"))[..2]);
        Assert.NotEqual(File.ReadAllBytes(docx), File.ReadAllBytes(folder.PathOf("manual.docx")));
    }

    private static IEnumerable<string> Strings(JsonNode array) =>
        array.AsArray().Select(one => one!.GetValue<string>());

    private static async Task<JsonNode> RunAsync(string script, IEnumerable<string> arguments)
    {
        Assert.SkipUnless(
            Directory.Exists(Path.Combine(Folder, "node_modules")),
            "The clients are not installed: run npm install in tests/Clinic.Web.Tests/Clients."
        );
        var start = new ProcessStartInfo("node", [Path.Combine(Folder, script), .. arguments])
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            StandardOutputEncoding = Encoding.UTF8,
        };
        using var process = Process.Start(start)!;
        var error = process.StandardError.ReadToEndAsync(TestContext.Current.CancellationToken);
        var output = await process.StandardOutput.ReadToEndAsync(TestContext.Current.CancellationToken);
        await process.WaitForExitAsync(TestContext.Current.CancellationToken);
        Assert.True(process.ExitCode == 0, await error);
        return JsonNode.Parse(output)!;
    }
}
