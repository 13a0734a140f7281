using System.Globalization;
using TransformerClinic.Common;
using TransformerClinic.Documents.Formats;

namespace TransformerClinic.Documents;

/// <summary>
/// Translates documents in place: what is text is translated, everything else stays as it is. Nothing is written before
/// everything is translated.
/// </summary>
/// <param name="translator">Translates segments.</param>
/// <param name="limits">What a document may demand; the defaults if it is null.</param>
internal sealed class DocumentTranslator(ISegmentTranslator translator, DocumentLimits? limits = null)
{
    /// <summary>Segments that are translated together: enough to fill batches of like length.</summary>
    internal const int SegmentsPerChunk = 256;

    /// <summary>Characters after which a chunk ends, however few segments it has.</summary>
    internal const int CharactersPerChunk = 100_000;

    private const int MostNotes = 20;

    private readonly DocumentLimits _limits = limits ?? new DocumentLimits();

    /// <summary>Reads a document, so that what is wrong with it is known before anything is translated.</summary>
    /// <param name="format">Its format.</param>
    /// <param name="input">The document; it is read to its end and stays open.</param>
    /// <param name="name">Its name in messages.</param>
    /// <param name="options">How it is translated.</param>
    /// <exception cref="UserErrorException">
    /// The document is damaged, is of another format, or demands more than the limits allow.
    /// </exception>
    public IReadDocument Read(IDocumentFormat format, Stream input, string name, DocumentOptions? options = null)
    {
        var document = format.Read(new DocumentSource(input, name, options ?? new DocumentOptions(), _limits));
        CheckSize(document, name);
        return document;
    }

    /// <summary>Translates a document.</summary>
    /// <param name="document">A document from <see cref="Read"/>.</param>
    /// <param name="output">Gets the translated document once all of it is translated; it stays open.</param>
    /// <param name="progress">Receives the number of translated segments and of all, first with none.</param>
    /// <param name="stop">Canceled when nobody waits for the result any more.</param>
    /// <exception cref="OperationCanceledException">The token was canceled; nothing is written.</exception>
    public async Task<DocumentSummary> TranslateAsync(
        IReadDocument document,
        Stream output,
        IProgress<(int Done, int Total)>? progress = null,
        CancellationToken stop = default
    )
    {
        var (translations, notes) = await TranslatedAsync(document.Segments, progress, stop).ConfigureAwait(false);
        document.Write(translations, output);
        return new DocumentSummary(
            document.Segments.Count,
            document.Segments.Sum(segment => (long)segment.Plain.Length),
            Counted(document.Notes.Concat(notes))
        );
    }

    private void CheckSize(IReadDocument document, string name)
    {
        if (document.Segments.Count > _limits.MostSegments)
        {
            throw new UserErrorException(
                FormattableString.Invariant(
                    $"{name}: the document has {document.Segments.Count:N0} segments, more than "
                ) + FormattableString.Invariant($"{_limits.MostSegments:N0}. Divide it into smaller ones.")
            );
        }

        if (document.Segments.FirstOrDefault(IsTooLong) is { } longest)
        {
            throw new UserErrorException(
                FormattableString.Invariant($"{name}: a paragraph has {longest.Plain.Length:N0} characters, more than ")
                    + FormattableString.Invariant($"{_limits.MostSegmentCharacters:N0}.")
            );
        }
    }

    private bool IsTooLong(MarkedText segment) =>
        segment.Parts.Sum(part => (long)part.Text.Length) > _limits.MostSegmentCharacters;

    private async Task<(IReadOnlyList<MarkedText> Translations, IReadOnlyList<string> Notes)> TranslatedAsync(
        IReadOnlyList<MarkedText> segments,
        IProgress<(int Done, int Total)>? progress,
        CancellationToken stop
    )
    {
        var translations = new List<MarkedText>(segments.Count);
        var notes = new List<string>();
        progress?.Report((0, segments.Count));
        foreach (var chunk in Chunks(segments))
        {
            stop.ThrowIfCancellationRequested();
            var translated = await translator.TranslateAsync(chunk, stop).ConfigureAwait(false);
            foreach (var (source, translation) in chunk.Zip(translated, (source, result) => (source, result)))
            {
                Check(source, translation.Text);
                translations.Add(translation.Text);
                notes.AddRange(translation.Notes);
            }

            progress?.Report((translations.Count, segments.Count));
        }

        return translations.Count == segments.Count
            ? (translations, notes)
            : throw new InvalidOperationException("a segment has no translation");
    }

    private static IEnumerable<IReadOnlyList<MarkedText>> Chunks(IReadOnlyList<MarkedText> segments)
    {
        var chunk = new List<MarkedText>();
        var characters = 0;
        foreach (var segment in segments)
        {
            chunk.Add(segment);
            characters += segment.Plain.Length;
            if (chunk.Count == SegmentsPerChunk || characters >= CharactersPerChunk)
            {
                yield return chunk;
                (chunk, characters) = ([], 0);
            }
        }

        if (chunk.Count > 0)
        {
            yield return chunk;
        }
    }

    /// <summary>A translation with other markup would damage the document, whatever its format.</summary>
    private static void Check(MarkedText source, MarkedText translation)
    {
        var open = new Stack<int>();
        var wellNested = translation.Parts.All(part =>
        {
            if (part.Kind == PartKind.Opening)
            {
                open.Push(part.Tag);
            }

            return part.Kind != PartKind.Closing || (open.TryPop(out var tag) && tag == part.Tag);
        });
        if (!wellNested || open.Count > 0 || !Markup(source).SequenceEqual(Markup(translation)))
        {
            throw new InvalidOperationException("the markup of a translation is not that of its segment");
        }
    }

    private static IEnumerable<(PartKind Kind, int Tag)> Markup(MarkedText text) =>
        text
            .Parts.Where(part => part.Kind != PartKind.Text)
            .Select(part => (part.Kind, part.Tag))
            .OrderBy(part => part.Tag)
            .ThenBy(part => part.Kind);

    private static List<string> Counted(IEnumerable<string> notes)
    {
        var counted = notes
            .GroupBy(note => note, StringComparer.Ordinal)
            .Select(same => same.Count() == 1 ? same.Key : $"{same.Key} ({Times(same.Count())})")
            .ToList();
        return counted.Count <= MostNotes
            ? counted
            :
            [
                .. counted.Take(MostNotes),
                string.Create(CultureInfo.InvariantCulture, $"And {counted.Count - MostNotes} further notes."),
            ];
    }

    private static string Times(int count) => string.Create(CultureInfo.InvariantCulture, $"{count:N0} times");
}
