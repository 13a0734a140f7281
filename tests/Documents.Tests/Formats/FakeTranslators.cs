using System.Globalization;

namespace TransformerClinic.Documents.Tests.Formats;

/// <summary>Translators of segments that are not translators, but say what happens to text and markup.</summary>
internal static class FakeTranslators
{
    /// <summary>Leaves everything as it is.</summary>
    public static ISegmentTranslator Identity { get; } = new Parts(text => text);

    /// <summary>Writes capitals.</summary>
    public static ISegmentTranslator Capitals { get; } = new Parts(text => text.ToUpper(CultureInfo.InvariantCulture));

    /// <summary>Puts brackets around each segment.</summary>
    public static ISegmentTranslator Bracketing { get; } =
        new Whole(segment => [TextPart.Of("⟦"), .. segment.Parts, TextPart.Of("⟧")]);

    /// <summary>Turns the order of words and markup around, so that nothing is where it was.</summary>
    public static ISegmentTranslator Reversing { get; } = new Whole(segment => [.. Reversed(segment.Parts)]);

    /// <summary>Always the same text, followed by all markup.</summary>
    public static ISegmentTranslator Saying(string text) =>
        new Whole(segment => [TextPart.Of(text), .. segment.Parts.Where(part => part.Kind != PartKind.Text)]);

    private static IEnumerable<TextPart> Reversed(IEnumerable<TextPart> parts) =>
        parts
            .Reverse()
            .Select(part =>
                part.Kind switch
                {
                    PartKind.Opening => part with { Kind = PartKind.Closing },
                    PartKind.Closing => part with { Kind = PartKind.Opening },
                    PartKind.Text => TextPart.Of(string.Join(' ', part.Text.Split(' ').Reverse())),
                    _ => part,
                }
            );

    private sealed class Parts(Func<string, string> translate)
        : Whole(segment =>
            [.. segment.Parts.Select(part => part.Kind == PartKind.Text ? TextPart.Of(translate(part.Text)) : part)]
        );

    private class Whole(Func<MarkedText, IReadOnlyList<TextPart>> translate) : ISegmentTranslator
    {
        public Task<IReadOnlyList<TranslatedSegment>> TranslateAsync(
            IReadOnlyList<MarkedText> segments,
            CancellationToken stop
        ) =>
            Task.FromResult<IReadOnlyList<TranslatedSegment>>([
                .. segments.Select(segment => new TranslatedSegment(new MarkedText(translate(segment)), [])),
            ]);
    }
}
