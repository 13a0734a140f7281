using System.Net.Http.Json;
using System.Text.Json;

namespace TransformerClinic.Web.Tests.Api;

public class OwnApiTests(ServedModelFixture models)
{
    [Fact]
    public async Task The_service_translates_as_the_command_does()
    {
        string[] lines = ["Wählen Sie eine Datei.", "eins zwei drei", "Guten Morgen!"];
        using var answer = await models.Service.Client.PostAsJsonAsync(
            "/v1/translate",
            new { text = lines },
            TestContext.Current.CancellationToken
        );

        var json = await answer.Content.ReadFromJsonAsync<JsonElement>(TestContext.Current.CancellationToken);
        var translations = json.GetProperty("translations").EnumerateArray().Select(t => t.GetProperty("text"));
        Assert.Equal(lines.Select(models.TranslationOf), translations.Select(text => text.GetString()));
        Assert.Equal(lines.Length, lines.Select(models.TranslationOf).Distinct().Count());
    }
}
