using System.Globalization;

namespace TransformerClinic.Documents.Tests.Formats.Docx;

/// <summary>
/// <c>Samples/manual.docx</c> was made by LibreOffice 7.4 from <c>manual.html</c>; <c>manual.libreoffice.txt</c> is its
/// text as LibreOffice exports it.
/// </summary>
public class LibreOfficeTests
{
    private static readonly byte[] Manual = Samples.Bytes("manual.docx");

    [Fact]
    public void The_segments_are_the_text_that_libreoffice_shows()
    {
        var shown = Letters(Samples.Text("manual.libreoffice.txt"));
        var segments = RoundTrip
            .Segments("docx", Manual)
            .Select(segment => Letters(string.Concat(segment.Split('<', '>').Where((_, i) => i % 2 == 0))))
            .ToList();

        // In the order of the page; headers, footers and footnotes, which the export leaves out, come last.
        var ofPage = segments.TakeWhile(segment => segment != Letters("Handbuch der Kaffeemaschine")).ToList();
        Assert.Equal(shown, string.Concat(ofPage));
        Assert.Equal(
            [
                "Handbuch der Kaffeemaschine",
                "Seite",
                "Die Hinweise gibt es auch gedruckt.",
                "Näheres regelt das Gesetz.",
            ],
            RoundTrip
                .Segments("docx", Manual)
                .Skip(ofPage.Count)
                .Select(segment =>
                    segment.Replace("<0>", "", StringComparison.Ordinal).Replace("</0>", "", StringComparison.Ordinal)
                )
        );
    }

    [Fact]
    public void Only_parts_with_text_change()
    {
        var translated = DocxFile.Parts(RoundTrip.Translate("docx", Manual, FakeTranslators.Capitals));

        Assert.Equal(DocxFile.Parts(Manual).Select(part => part.Name), translated.Select(part => part.Name));
        Assert.Equal(
            ["word/document.xml", "word/header1.xml", "word/footer1.xml", "word/footnotes.xml"],
            DocxFile
                .Parts(Manual)
                .Zip(translated)
                .Where(pair => !pair.First.Bytes.SequenceEqual(pair.Second.Bytes))
                .Select(pair => pair.First.Name)
        );
        Assert.Equal(Manual, RoundTrip.Translate("docx", Manual, FakeTranslators.Identity));
    }

    [Fact]
    [Trait("Speed", "Slow")]
    public void Libreoffice_shows_the_translation_and_nothing_else_changed()
    {
        using var folder = new TemporaryFolder();
        folder.Write("before.docx", Manual);
        folder.Write("after.docx", RoundTrip.Translate("docx", Manual, FakeTranslators.Capitals));
        OtherProgram.Output(
            "soffice",
            "libreoffice-writer-nogui",
            "--headless",
            $"-env:UserInstallation={new Uri(folder.PathOf("profile"))}",
            "--convert-to",
            "txt:Text (encoded):UTF8",
            "--outdir",
            folder.FullName,
            folder.PathOf("before.docx"),
            folder.PathOf("after.docx")
        );

        var before = File.ReadAllText(folder.PathOf("before.txt"));
        Assert.Equal(Letters(Samples.Text("manual.libreoffice.txt")), Letters(before));
        Assert.Equal(before.ToUpper(CultureInfo.InvariantCulture), File.ReadAllText(folder.PathOf("after.txt")));
    }

    /// <summary>A text's letters: numbers of lists and notes are not in segments.</summary>
    private static string Letters(string text) => string.Concat(text.Where(char.IsLetter));
}
