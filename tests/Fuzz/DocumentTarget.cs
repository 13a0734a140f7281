using System.Text;
using TransformerClinic.Common;
using TransformerClinic.Documents;
using TransformerClinic.Documents.Formats;
using TransformerClinic.Documents.Formats.Splicing;
using TransformerClinic.Documents.Formats.Subtitles;

namespace TransformerClinic.Fuzz;

/// <summary>
/// The readers of documents: a document in which nothing changes must be the same bytes, and one whose text changes,
/// or whose markup moves, must be one that is read again: with the same times if it has
/// some, and with as many segments if translations do not decide where they end.
/// </summary>
/// <param name="format">The format's name.</param>
/// <param name="seeds">Documents to begin with.</param>
internal class DocumentTarget(string format, params string[] seeds)
    : FileTarget(format == "xliff" ? "bilingual" : format, "document")
{
    private static readonly DocumentOptions Options = new() { TargetLanguage = "en", ReplaceTargets = true };

    private readonly IDocumentFormat _format = DocumentFormats.Named(format)!;

    public override IReadOnlyList<byte[]> Seeds { get; } = [.. seeds.Select(Encoding.UTF8.GetBytes)];

    public override byte[] Mutate(byte[] input, byte[] other, Random random) =>
        random.Next(3) == 0 ? ByteMutator.Mutate(input, other, random) : MarkupMutator.Mutate(input, other, random);

    protected override string Read(string path, byte[] input)
    {
        var segments = Opened(path, input).Segments.Count;
        Require(
            format == "xliff" || Translated(path, input, text => text).AsSpan().SequenceEqual(input),
            "bytes change"
        );
        foreach (var translate in new Func<MarkedText, MarkedText>[] { Reversed, Short })
        {
            try
            {
                var translated = Translated(path, input, translate);
                var again = Opened(path, translated).Segments.Count;
                Require(format != "xliff" || again == segments, "there are other segments afterwards");
                Require(Times(input).SequenceEqual(Times(translated)), "there are other times afterwards");
            }
            catch (UserErrorException refused)
            {
                throw new InvalidDataException("what was written is refused", refused);
            }
        }

        return $"{Math.Min(segments, 6)} segments";
    }

    /// <summary>The times of subtitles; none for other formats.</summary>
    private IEnumerable<(TimeSpan, TimeSpan)> Times(byte[] document)
    {
        var text = new StreamReader(new MemoryStream(document)).ReadToEnd();
        var cues =
            format == "srt" ? CueReader.Srt(SourceLine.Of(text))
            : format == "vtt" ? CueReader.Vtt(SourceLine.Of(text))
            : [];
        return cues.Select(cue => (cue.From, cue.To));
    }

    /// <summary>What comes before the parser's own words, which name elements and characters.</summary>
    protected override string Reason(string message) =>
        MessageTemplate.Of(message[(message.IndexOf(": ", StringComparison.Ordinal) + 2)..].Split('(', '\'')[0]);

    private static MarkedText Short(MarkedText text) =>
        new([TextPart.Of("x\n<&"), .. text.Parts.Where(part => part.Kind != PartKind.Text)]);

    private static MarkedText Reversed(MarkedText text) =>
        new([
            .. text
                .Parts.Reverse()
                .Select(part =>
                    part.Kind switch
                    {
                        PartKind.Opening => part with { Kind = PartKind.Closing },
                        PartKind.Closing => part with { Kind = PartKind.Opening },
                        _ => part,
                    }
                ),
        ]);

    private IReadDocument Opened(string path, byte[] document) =>
        new DocumentTranslator(new Translation(text => text)).Read(_format, new MemoryStream(document), path, Options);

    private byte[] Translated(string path, byte[] document, Func<MarkedText, MarkedText> translate)
    {
        using var output = new MemoryStream();
        new DocumentTranslator(new Translation(translate))
            .TranslateAsync(Opened(path, document), output)
            .GetAwaiter()
            .GetResult();
        return output.ToArray();
    }

    private sealed class Translation(Func<MarkedText, MarkedText> translate) : ISegmentTranslator
    {
        public Task<IReadOnlyList<TranslatedSegment>> TranslateAsync(
            IReadOnlyList<MarkedText> segments,
            CancellationToken stop
        ) =>
            Task.FromResult<IReadOnlyList<TranslatedSegment>>([
                .. segments.Select(segment => new TranslatedSegment(translate(segment), [])),
            ]);
    }
}
