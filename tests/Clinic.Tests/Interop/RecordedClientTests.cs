using TransformerClinic.Decoding;
using TransformerClinic.Files;
using TransformerClinic.Runs;
using TransformerClinic.Workflows.Exports;
using static TorchSharp.torch;

namespace TransformerClinic.Tests.Interop;

/// <summary>What programs that own the formats made of a model's exports (<c>recorded/README.md</c>).</summary>
[Trait("Speed", "Slow")]
public sealed class RecordedClientTests
{
    private static readonly string Folder = RepositoryRoot.PathOf("tests", "Clinic.Tests", "Interop", "recorded");

    private static readonly IReadOnlyList<RecordedClient> Clients = Json.ReadForeign<IReadOnlyList<RecordedClient>>(
        Path.Combine(Folder, "clients.json")
    );

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public static TheoryData<string, bool> Exports =>
        [.. Clients.Select(client => (client.Target, client.Int8)).Distinct()];

    [Fact]
    public void In_float32_they_translate_as_this_program_does()
    {
        var ours = Translations();

        Assert.Equal(3, Clients.Count(client => !client.Int8));
        Assert.All(Clients.Where(client => !client.Int8), client => Assert.Equal(ours, client.Translations));
    }

    [Fact]
    public void In_int8_they_translate_most_sentences_so()
    {
        var ours = Translations();

        Assert.Equal(2, Clients.Count(client => client.Int8));
        Assert.All(
            Clients.Where(client => client.Int8),
            client =>
                Assert.InRange(ours.Zip(client.Translations).Count(pair => pair.First == pair.Second), 20, ours.Count)
        );
    }

    [Theory]
    [MemberData(nameof(Exports))]
    public void What_they_read_has_the_bytes_of_todays_export(string target, bool rounded)
    {
        using var folder = new TemporaryFolder();
        var options = new ExportOptions
        {
            Target = Enum.Parse<ExportTarget>(target, ignoreCase: true),
            Model = Path.Combine(Folder, "model"),
            Output = folder.PathOf("exported"),
            Int8 = rounded,
        };

        new ExportRun(options, new QuietConsole()).Run(Cancellation);

        Assert.All(
            Clients
                .Where(client => (client.Target, client.Int8) == (target, rounded))
                .SelectMany(client => client.Files),
            file => Assert.Equal(file.Value, ContentHash.OfFile(Path.Combine(options.Output, file.Key)))
        );
    }

    private static IReadOnlyList<string> Translations()
    {
        using var trained = TrainedModel.Load(Path.Combine(Folder, "model"), CPU);
        var greedy = new DecodingOptions
        {
            Beam = 1,
            MaxLengthA = 0,
            MaxLengthB = 40,
        };
        using var translator = new Translator(trained.Model, trained.Subwords, greedy, workers: 1);
        string[] lines = [.. File.ReadLines(Path.Combine(Folder, "sentences.txt"))];
        return [.. translator.Translate(lines, cancellation: Cancellation).Select(translation => translation.Text)];
    }

    /// <summary>A client's translations of the sentences.</summary>
    private sealed record RecordedClient(
        string Client,
        string Target,
        bool Int8,
        IReadOnlyDictionary<string, string> Files,
        IReadOnlyList<string> Translations
    );
}
