using TransformerClinic.Common;

namespace TransformerClinic.Data.Exchange.Xliff;

/// <summary>A <c>trans-unit</c> of XLIFF 1.x.</summary>
internal static class FirstVersionUnit
{
    /// <summary>The pairs of the current unit: one, or one for each segment that both sides mark.</summary>
    /// <exception cref="UserErrorException">The file is damaged here, or the unit is too long.</exception>
    public static IEnumerable<TranslationUnit> Read(MarkupReader xml, Languages languages)
    {
        var (line, kind) = (xml.Line, xml.Attribute("restype"));
        InlineText? source = null;
        InlineText? segmented = null;
        InlineText? target = null;
        var state = "";
        var own = languages;
        foreach (var name in xml.Children())
        {
            // Only children of the unit: those of alt-trans are suggestions.
            switch (name)
            {
                case "source":
                    source = InlineText.Read(xml);
                    break;
                case "seg-source":
                    segmented = InlineText.Read(xml);
                    break;
                case "target":
                    state = xml.Attribute("state") ?? "";
                    own = xml.Language() is { Length: > 0 } named ? languages with { Target = named } : languages;
                    target = InlineText.Read(xml);
                    break;
            }
        }

        var whyNot =
            kind == "x-gettext-domain-header" ? "with the header of a gettext file"
            : state is "new" or "needs-translation" ? $"in the state {state}"
            : null;
        return segmented is { Segments.Count: > 0 } && target is { Segments.Count: > 0 }
            ? BySegment(line, own, segmented.Segments, target.Segments, whyNot)
            : [own.Unit(line, Whole(source ?? segmented), Whole(target), whyNot)];
    }

    private static IEnumerable<TranslationUnit> BySegment(
        int line,
        Languages languages,
        IReadOnlyList<Segment> sources,
        IReadOnlyList<Segment> targets,
        string? whyNot
    )
    {
        var translations = targets
            .GroupBy(segment => segment.Id, StringComparer.Ordinal)
            .ToDictionary(same => same.Key, same => same.First(), StringComparer.Ordinal);
        return sources.Select(segment =>
            languages.Unit(
                line,
                (segment.Text, segment.Tags),
                translations.GetValueOrDefault(segment.Id) is { } found ? (found.Text, found.Tags) : ("", 0),
                whyNot
            )
        );
    }

    private static (string Text, int Tags) Whole(InlineText? text) => text is null ? ("", 0) : (text.Text, text.Tags);
}
