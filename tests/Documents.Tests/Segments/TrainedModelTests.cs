using System.Globalization;
using System.Text.RegularExpressions;
using TransformerClinic.Documents.Segments;
using TransformerClinic.Documents.Segments.Sentences;

namespace TransformerClinic.Documents.Tests.Segments;

/// <summary>
/// What a trained model makes of markup and placeholders. A model is not part of the repository: the environment
/// variable <c>CLINIC_QUICKSTART</c> names the folder of a run of the quickstart, and without it these are skipped.
/// </summary>
[Trait("Speed", "Slow")]
public partial class TrainedModelTests
{
    /// <summary>Sentences of the corpus's kind; each <c>*</c> is a placeholder.</summary>
    private static readonly string[] WithPlaceholders =
    [
        "Klicken Sie auf *, um die Datei zu öffnen.",
        "Öffnen Sie * und speichern Sie das Dokument.",
        "Die Datei * konnte nicht gefunden werden.",
        "Weitere Informationen finden Sie unter *.",
        "Geben Sie * in das Feld ein.",
        "* wurde gespeichert.",
        "Wählen Sie * oder *, um fortzufahren.",
        "Die Seite * von * wird gedruckt.",
        "Der Wert * ist größer als *.",
        "Senden Sie eine E-Mail an *.",
    ];

    private static readonly string[] Placeholders =
    [
        "{0}",
        "{name}",
        "%s",
        "%1$d",
        "${home}",
        "__PH__",
        "https://example.org/a?b=c",
        "info@example.org",
        "/usr/share/doc/readme.txt",
        "&nbsp;",
    ];

    /// <summary>
    /// The list has the model's translations with the markup where a human put it. Of another model's translations
    /// those that are the same are compared.
    /// </summary>
    [Fact]
    public async Task Markup_is_mostly_where_a_human_would_put_it()
    {
        var rows = File.ReadLines(RepositoryRoot.PathOf("tests/Documents.Tests/Segments/tagged.tsv"))
            .Select(row => row.Split('\t'))
            .Select(row => (Source: SegmentShapes.Of(row[0]), Expected: SegmentShapes.Of(row[1])))
            .ToList();
        var translated = await Translated([.. rows.Select(row => row.Source)]);

        var pairs = rows.Zip(translated, (row, one) => (row.Expected, Found: one.Text))
            .Where(pair => pair.Expected.Plain == pair.Found.Plain)
            .Select(pair => (Expected: SegmentShapes.Written(pair.Expected), Found: SegmentShapes.Written(pair.Found)))
            .ToList();
        var exact = pairs.Count(pair => pair.Expected == pair.Found);
        var nearly = pairs.Count(pair => WithoutArticles(pair.Expected) == WithoutArticles(pair.Found));
        var wrong = pairs.Where(pair => pair.Expected != pair.Found).Select(pair => pair.Found);
        Tell(
            $"{rows.Count} segments, {pairs.Count} with the listed translation: {exact} exactly where a human put the"
        );
        Tell($"markup, {nearly} but for an article. The others:\n{string.Join('\n', wrong)}");

        Assert.True(pairs.Count > 0, "The model translates none of the segments as listed.");
        Assert.True(exact >= 0.7 * pairs.Count, $"{exact} of {pairs.Count}");
    }

    [Fact]
    public async Task Every_placeholder_comes_through_and_most_of_them_by_being_copied()
    {
        var sources = WithPlaceholders
            .SelectMany(sentence => Placeholders.Select((_, column) => Filled(sentence, column)))
            .Select(text => new MarkedText(text))
            .ToList();
        var translated = await Translated(sources);

        var copied = translated.Count(one => one.Notes.Count == 0);
        Tell($"{sources.Count} sentences with placeholders: {copied} copied, {sources.Count - copied} reinserted");
        Assert.All(
            sources.Zip(translated),
            pair => Assert.Equal(SegmentShapes.Placeholders(pair.First), SegmentShapes.Placeholders(pair.Second.Text))
        );
        Assert.True(2 * copied > sources.Count, $"{copied} of {sources.Count} copied");
        Assert.All(translated, one => Assert.DoesNotContain("untranslated", string.Join(' ', one.Notes)));
    }

    private static string Filled(string sentence, int column)
    {
        var parts = sentence.Split('*');
        return string.Concat(
            parts.Select((part, place) => place == 0 ? part : Placeholders[(column + place - 1) % 10] + part)
        );
    }

    private static async Task<IReadOnlyList<TranslatedSegment>> Translated(IReadOnlyList<MarkedText> segments)
    {
        var folder = Environment.GetEnvironmentVariable("CLINIC_QUICKSTART");
        Assert.SkipWhen(string.IsNullOrEmpty(folder), "CLINIC_QUICKSTART names no trained model.");
        using var translator = new TrainedTranslator(folder);
        return await new SegmentTranslator(translator, SegmentationRules.BuiltIn().For("de"), "en").TranslateAsync(
            segments,
            TestContext.Current.CancellationToken
        );
    }

    private static void Tell(FormattableString text) =>
        TestContext.Current.TestOutputHelper!.WriteLine(text.ToString(CultureInfo.InvariantCulture));

    private static string WithoutArticles(string written) => Article().Replace(written, "");

    [GeneratedRegex(@"\b(?:the|an?) ")]
    private static partial Regex Article();
}
