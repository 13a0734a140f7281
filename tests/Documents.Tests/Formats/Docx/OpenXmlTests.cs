using DocumentFormat.OpenXml;
using DocumentFormat.OpenXml.Packaging;
using DocumentFormat.OpenXml.Validation;
using DocumentFormat.OpenXml.Wordprocessing;
using WordText = DocumentFormat.OpenXml.Wordprocessing.Text;

namespace TransformerClinic.Documents.Tests.Formats.Docx;

/// <summary>Microsoft's Open XML SDK finds no mistake in a translated document that was not there before.</summary>
public class OpenXmlTests
{
    [Fact]
    public void A_document_of_the_sdk_stays_valid()
    {
        var document = Made();

        Assert.Equal([], Mistakes(document));
        Assert.Equal(
            ["<0>Ein <1>fetter</1> Satz</0><2/>.", "Zelle", "Kopf", "Anmerkung"],
            RoundTrip.Segments("docx", document)
        );
        AssertNoNewMistakes(document);
    }

    [Fact]
    public void A_document_of_libreoffice_gets_no_new_mistakes() => AssertNoNewMistakes(Samples.Bytes("manual.docx"));

    private static void AssertNoNewMistakes(byte[] document)
    {
        var before = Mistakes(document);
        foreach (
            var translator in new[]
            {
                FakeTranslators.Capitals,
                FakeTranslators.Bracketing,
                FakeTranslators.Reversing,
                FakeTranslators.Saying(" < & > \u0001 \"x\" "),
            }
        )
        {
            var translated = RoundTrip.Translate("docx", document, translator);
            Assert.NotEqual(document, translated);
            Assert.Equal(before, Mistakes(translated));
        }
    }

    private static List<string> Mistakes(byte[] document)
    {
        using var package = WordprocessingDocument.Open(new MemoryStream(document), isEditable: false);
        return
        [
            .. new OpenXmlValidator(FileFormatVersions.Microsoft365)
                .Validate(package)
                .Select(error => $"{error.Part?.Uri} {error.Id} {error.Description}")
                .Order(StringComparer.Ordinal),
        ];
    }

    private static byte[] Made()
    {
        using var bytes = new MemoryStream();
        using (var package = WordprocessingDocument.Create(bytes, WordprocessingDocumentType.Document))
        {
            var main = package.AddMainDocumentPart();
            var header = main.AddNewPart<HeaderPart>();
            header.Header = new Header(Paragraph("Kopf"));
            var notes = main.AddNewPart<FootnotesPart>();
            notes.Footnotes = new Footnotes(new Footnote(Paragraph("Anmerkung")) { Id = 2 });
            main.Document = new Document(
                new Body(
                    new Paragraph(
                        new BookmarkStart { Id = "1", Name = "Anfang" },
                        Run("Ein "),
                        new Run(new RunProperties(new Bold()), Text("fetter")),
                        Run(" Satz"),
                        new BookmarkEnd { Id = "1" },
                        new Run(new FootnoteReference { Id = 2 }),
                        Run(".")
                    ),
                    new Table(
                        new TableProperties(new TableWidth { Width = "0", Type = TableWidthUnitValues.Auto }),
                        new TableGrid(new GridColumn()),
                        new TableRow(new TableCell(Paragraph("Zelle")))
                    ),
                    new Paragraph(),
                    new SectionProperties(
                        new HeaderReference { Type = HeaderFooterValues.Default, Id = main.GetIdOfPart(header) }
                    )
                )
            );
        }

        return bytes.ToArray();
    }

    private static Paragraph Paragraph(string text) => new(Run(text));

    private static Run Run(string text) => new(Text(text));

    private static WordText Text(string text) => new(text) { Space = SpaceProcessingModeValues.Preserve };
}
