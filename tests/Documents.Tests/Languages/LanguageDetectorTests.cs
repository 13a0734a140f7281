using TransformerClinic.Documents.Languages;

namespace TransformerClinic.Documents.Tests.Languages;

[Trait("Speed", "Slow")]
public class LanguageDetectorTests
{
    private static readonly LanguageDetector GermanOrEnglish = new(["de", "en-US"]);
    private static readonly LanguageDetector FiveLanguages = new(["de", "en-US", "fr", "es", "it"]);

    [Fact]
    public void Lines_that_no_training_has_seen_are_told_apart()
    {
        var lines = HeldOut().ToList();
        var ofTwo = lines.Count(line => First(GermanOrEnglish, line.Text) == line.Language);
        var ofFive = lines.Count(line => MostProbable(FiveLanguages, line.Text) == line.Language);

        Tell("whole lines, two languages", ofTwo, lines.Count);
        Tell("whole lines, five languages", ofFive, lines.Count);
        Assert.True(ofTwo > 0.98 * lines.Count, $"{ofTwo} of {lines.Count}");
        Assert.True(ofFive > 0.97 * lines.Count, $"{ofFive} of {lines.Count}");
    }

    [Theory]
    [InlineData(1, 0.85, 0.7)]
    [InlineData(2, 0.9, 0.8)]
    [InlineData(3, 0.93, 0.87)]
    public void So_are_a_few_words_mostly(int count, double leastOfTwo, double leastOfFive)
    {
        var pieces = HeldOut()
            .Select(line => (line.Language, Words: line.Text.Split(' ', StringSplitOptions.RemoveEmptyEntries)))
            .Where(line => line.Words.Length >= count)
            .Select((line, number) => (line.Language, line.Words, Start: number % (line.Words.Length - count + 1)))
            .Select(line => (line.Language, Text: string.Join(' ', line.Words.Skip(line.Start).Take(count))))
            .Where(piece => piece.Text.Any(char.IsLetter))
            .ToList();
        var ofTwo = pieces.Count(piece => First(GermanOrEnglish, piece.Text) == piece.Language);
        var ofFive = pieces.Count(piece => MostProbable(FiveLanguages, piece.Text) == piece.Language);

        Tell($"{count} words, two languages", ofTwo, pieces.Count);
        Tell($"{count} words, five languages", ofFive, pieces.Count);
        Assert.True(ofTwo > leastOfTwo * pieces.Count, $"{ofTwo} of {pieces.Count}");
        Assert.True(ofFive > leastOfFive * pieces.Count, $"{ofFive} of {pieces.Count}");
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
        var found = FiveLanguages.Detect("File");

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

    [Fact]
    public void Several_threads_find_what_one_finds()
    {
        var lines = HeldOut().Take(400).ToList();

        Assert.Equal(
            lines.Select(line => GermanOrEnglish.Detect(line.Text)),
            lines.AsParallel().AsOrdered().WithDegreeOfParallelism(8).Select(line => GermanOrEnglish.Detect(line.Text))
        );
    }

    private static IEnumerable<(string Language, string Text)> HeldOut() =>
        new[] { "valid", "test" }
            .SelectMany(part => File.ReadLines(Path.Combine(HelpCorpus.Folder, $"{part}.de-en.tsv")))
            .Select(line => line.Split('\t'))
            .SelectMany(pair => new[] { ("de", pair[0]), ("en-US", pair[1]) });

    private static string First(LanguageDetector detector, string text) => detector.Detect(text)[0].Language;

    private static string? MostProbable(LanguageDetector detector, string text) =>
        detector.Detect(text).FirstOrDefault(one => one.Language != DetectedLanguage.Undetermined).Language;

    private static void Tell(string what, int right, int all) =>
        TestContext.Current.TestOutputHelper!.WriteLine(
            FormattableString.Invariant($"{what}: {right} of {all} ({100.0 * right / all:F1} %)")
        );
}
