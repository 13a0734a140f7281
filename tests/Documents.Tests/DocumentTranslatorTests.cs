using System.Text;
using TransformerClinic.Common;
using TransformerClinic.Documents.Formats;
using TransformerClinic.Documents.Tests.Formats;

namespace TransformerClinic.Documents.Tests;

public class DocumentTranslatorTests
{
    [Fact]
    public async Task A_long_document_is_translated_in_chunks_and_progress_moves()
    {
        var translator = new Recording();
        var reports = new Reports();
        using var output = new MemoryStream();
        var documents = new DocumentTranslator(translator);
        var summary = await documents.TranslateAsync(
            Read(documents, string.Concat(Enumerable.Repeat("Satz.\n", 600))),
            output,
            reports,
            TestContext.Current.CancellationToken
        );

        Assert.Equal([256, 256, 88], translator.Chunks);
        Assert.Equal([(0, 600), (256, 600), (512, 600), (600, 600)], reports.All);
        Assert.Equal((600, 3000), (summary.Segments, summary.Characters));
        Assert.Equal(["odd (600 times)"], summary.Notes);
        Assert.Equal(600, Encoding.UTF8.GetString(output.ToArray()).Split('\n').Length - 1);
    }

    [Fact]
    public async Task A_stop_writes_nothing()
    {
        using var stop = new CancellationTokenSource();
        using var output = new MemoryStream();
        var documents = new DocumentTranslator(new Recording(stop.Cancel));

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() =>
            documents.TranslateAsync(
                Read(documents, string.Concat(Enumerable.Repeat("Satz.\n", 600))),
                output,
                progress: null,
                stop.Token
            )
        );
        Assert.Equal(0, output.Length);
    }

    [Fact]
    public async Task A_translation_with_other_markup_is_a_defect_and_nothing_is_written()
    {
        using var output = new MemoryStream();
        var documents = new DocumentTranslator(new WithoutMarkup());
        var page = documents.Read(
            DocumentFormats.Named("html")!,
            new MemoryStream(Encoding.UTF8.GetBytes("<p>a <b>b</b> c")),
            "page"
        );

        await Assert.ThrowsAsync<InvalidOperationException>(() =>
            documents.TranslateAsync(page, output, stop: TestContext.Current.CancellationToken)
        );
        Assert.Equal(0, output.Length);
    }

    [Fact]
    public void A_document_is_refused_before_anything_is_translated()
    {
        var translator = new Recording();
        Assert.Throws<UserErrorException>(() =>
            Read(new DocumentTranslator(translator, new DocumentLimits { MostSegments = 1 }), "a\nb\n")
        );
        Assert.Empty(translator.Chunks);
    }

    /// <summary>They end in reasonable time: no step takes longer than in proportion to what there is.</summary>
    [Theory]
    [InlineData("html", "<b>")]
    [InlineData("html", "<code>")]
    [InlineData("html", "</i>")]
    [InlineData("html", "<p translate=no><li>")]
    [InlineData("html", "a<br>b ")]
    [InlineData("html", "<svg>")]
    [InlineData("html", "&")]
    [InlineData("markdown", "`")]
    [InlineData("markdown", "|")]
    [InlineData("srt", "<i>")]
    [InlineData("vtt", "<")]
    [InlineData("text", "wort ")]
    public void Endless_repetition_stays_byte_for_byte(string format, string piece)
    {
        var document =
            format switch
            {
                "srt" => "1\n00:00:01,000 --> 00:00:02,000\n",
                "vtt" => "WEBVTT\n\n00:01.000 --> 00:02.000\n",
                _ => "",
            } + string.Concat(Enumerable.Repeat(piece, 30_000));

        Assert.Equal(document, RoundTrip.Translate(format, document, FakeTranslators.Identity));
    }

    private static IReadDocument Read(DocumentTranslator documents, string text) =>
        documents.Read(DocumentFormats.Named("text")!, new MemoryStream(Encoding.UTF8.GetBytes(text)), "text");

    private sealed class Recording(Action? then = null) : ISegmentTranslator
    {
        public List<int> Chunks { get; } = [];

        public Task<IReadOnlyList<TranslatedSegment>> TranslateAsync(
            IReadOnlyList<MarkedText> segments,
            CancellationToken stop
        )
        {
            Chunks.Add(segments.Count);
            then?.Invoke();
            return Task.FromResult<IReadOnlyList<TranslatedSegment>>([
                .. segments.Select(segment => new TranslatedSegment(segment, ["odd"])),
            ]);
        }
    }

    private sealed class WithoutMarkup : ISegmentTranslator
    {
        public Task<IReadOnlyList<TranslatedSegment>> TranslateAsync(
            IReadOnlyList<MarkedText> segments,
            CancellationToken stop
        ) =>
            Task.FromResult<IReadOnlyList<TranslatedSegment>>([
                .. segments.Select(segment => new TranslatedSegment(new MarkedText(segment.Plain), [])),
            ]);
    }

    private sealed class Reports : IProgress<(int Done, int Total)>
    {
        public List<(int Done, int Total)> All { get; } = [];

        public void Report((int Done, int Total) value) => All.Add(value);
    }
}
