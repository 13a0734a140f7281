using TransformerClinic.Documents.Languages;

namespace TransformerClinic.Documents.Tests.Languages;

public class LanguageDetectorTests
{
    private static readonly LanguageDetector GermanOrEnglish = new(["de", "en-US"]);

    [Fact]
    public void Lines_that_no_training_has_seen_are_told_apart()
    {
        var lines = HeldOut().ToList();
        var right = lines.Count(line => First(GermanOrEnglish, line.Text) == line.Language);

        Tell("whole lines", right, lines.Count);
        Assert.True(right > 0.98 * lines.Count, $"{right} of {lines.Count}");
    }

    [Theory]
    [InlineData(1, 0.85)]
    [InlineData(2, 0.9)]
    [InlineData(3, 0.93)]
    public void So_are_a_few_words_mostly(int count, double least)
    {
        var pieces = HeldOut()
            .Select(line => (line.Language, Words: line.Text.Split(' ', StringSplitOptions.RemoveEmptyEntries)))
            .Where(line => line.Words.Length >= count)
            .Select((line, number) => (line.Language, line.Words, Start: number % (line.Words.Length - count + 1)))
            .Select(line => (line.Language, Text: string.Join(' ', line.Words.Skip(line.Start).Take(count))))
            .Where(piece => piece.Text.Any(char.IsLetter))
            .ToList();
        var right = pieces.Count(piece => First(GermanOrEnglish, piece.Text) == piece.Language);

        Tell($"{count} words", right, pieces.Count);
        Assert.True(right > least * pieces.Count, $"{right} of {pieces.Count}");
    }

    [Theory]
    [InlineData("")]
    [InlineData("12345")]
    [InlineData("Привет, мир!")]
    [InlineData("https://example.org/the/file.html")]
    [InlineData("{0} %s")]
    public void What_has_no_letters_of_the_languages_is_in_none_of_them(string text) =>
        Assert.Equal(new DetectedLanguage("und", 0), Assert.Single(GermanOrEnglish.Detect(text)));

    [Fact]
    public void Confidences_are_shares_and_come_in_order()
    {
        var found = GermanOrEnglish.Detect("Wählen Sie die Datei aus.");

        Assert.Equal(["de", "en-US"], found.Select(one => one.Language));
        Assert.True(found[0].Confidence > 0.9);
        Assert.Equal(1, found.Sum(one => one.Confidence), 6);
    }

    [Fact]
    public void Below_the_least_confidence_the_language_is_not_determined()
    {
        var found = new LanguageDetector(["de", "en", "fr", "es", "it"]).Detect("File");

        Assert.Equal("und", found[0].Language);
        Assert.All(found, one => Assert.True(one.Confidence < LanguageDetector.LeastConfidence));
    }

    [Fact]
    public void With_one_language_a_text_in_another_is_not_taken_for_it()
    {
        var german = new LanguageDetector(["de"]);

        Assert.Equal("de", First(german, "Wählen Sie die Datei aus."));
        Assert.Equal("und", First(german, "Choose the file that you want to open."));
    }

    [Fact]
    public void Languages_that_cannot_be_detected_are_named()
    {
        var detector = new LanguageDetector(["xx", "tlh"]);

        Assert.Equal(["xx", "tlh"], detector.Unknown);
        Assert.Equal("und", First(detector, "Hello there"));
        Assert.Empty(new LanguageDetector(["zh-Hans", "no", "pt_BR"]).Unknown);
    }

    [Fact]
    public void A_long_text_is_told_by_its_beginning() =>
        Assert.Equal("de", First(GermanOrEnglish, string.Concat(Enumerable.Repeat("Das ist ein Satz. 👍", 100_000))));

    private static IEnumerable<(string Language, string Text)> HeldOut() =>
        new[] { "valid", "test" }
            .SelectMany(part => File.ReadLines(Path.Combine(HelpCorpus.Folder, $"{part}.de-en.tsv")))
            .Select(line => line.Split('\t'))
            .SelectMany(pair => new[] { ("de", pair[0]), ("en-US", pair[1]) });

    private static string First(LanguageDetector detector, string text) => detector.Detect(text)[0].Language;

    private static void Tell(string what, int right, int all) =>
        TestContext.Current.TestOutputHelper!.WriteLine(
            FormattableString.Invariant($"{what}: {right} of {all} ({100.0 * right / all:F1} %)")
        );
}
