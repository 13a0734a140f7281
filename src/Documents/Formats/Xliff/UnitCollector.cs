using TransformerClinic.Documents.Formats.Markup;
using TransformerClinic.Documents.Formats.Splicing;

namespace TransformerClinic.Documents.Formats.Xliff;

/// <summary>Collects what is to be translated in a file, and how the translations are put into it.</summary>
/// <param name="xml">The file.</param>
/// <param name="options">How it is translated.</param>
internal sealed class UnitCollector(XmlSource xml, DocumentOptions options)
{
    private static readonly string[] Containers = ["file", "body", "group", "unit"];
    private static readonly string[] NotTranslated = ["new", "needs-translation", "initial"];

    // A translation by a machine that nobody has read yet, in the words of each version.
    private static readonly (string Name, string Value)[] FirstVersionState =
    [
        ("state", "needs-review-translation"),
        ("state-qualifier", "mt-suggestion"),
    ];
    private static readonly (string Name, string Value)[] SecondVersionState = [("state", "translated")];

    private readonly InlineCodes _codes = new(xml);
    private readonly List<SourceSegment> _segments = [];
    private readonly List<Edit> _always = [];

    /// <summary>What is translated.</summary>
    public IReadOnlyList<SourceSegment> Segments => _segments;

    /// <summary>Changes that do not depend on translations.</summary>
    public IReadOnlyList<Edit> Always => _always;

    /// <summary>Whether any target is written.</summary>
    public bool Any => _segments.Count > 0 || _always.Count > 0;

    /// <summary>Collects all units in an element.</summary>
    /// <param name="element">The index of its start tag.</param>
    /// <param name="isTranslated">Whether what is in it is translated, unless it says otherwise.</param>
    public void AddAllIn(int element, bool isTranslated)
    {
        foreach (var child in xml.Children(element))
        {
            var token = xml.Tokens[child];
            var translated = token.Attribute("translate") is { } said ? said != "no" : isTranslated;
            if (Containers.Contains(token.Name))
            {
                AddLanguage(child);
                AddAllIn(child, translated);
            }
            else if (translated && token.Name is "trans-unit" or "segment")
            {
                AddUnit(child);
            }
        }
    }

    /// <summary>The language of the targets of a file of version 1 that does not name it.</summary>
    private void AddLanguage(int file)
    {
        var token = xml.Tokens[file];
        if (
            options.TargetLanguage is { } language
            && token.Attribute("source-language") is not null
            && token.Attribute("target-language") is null
        )
        {
            _always.Add(XmlTag.With(xml, file, ("target-language", language)));
        }
    }

    private void AddUnit(int unit)
    {
        var isSecond = xml.Tokens[unit].Name == "segment";
        var source = Child(unit, "source");
        var target = Child(unit, "target");
        if (
            source < 0
            || xml.Tokens[source].Last == source
            || xml.Tokens[unit].Attribute("restype") == "x-gettext-domain-header"
            || (target >= 0 && IsKept(target, xml.Tokens[isSecond ? unit : target].Attribute("state")))
        )
        {
            return;
        }

        var segmented = Child(unit, "seg-source");
        var marked = segmented < 0 ? [] : Marked(segmented);
        var content = marked.Count > 0 ? segmented : source;
        var at = xml.Tokens[content].End;
        var found = new List<(string Before, IReadOnlyList<SourcePart> Core)>();
        foreach (var element in marked.Count > 0 ? marked : [source])
        {
            var builder = new InlineBuilder();
            _codes.Add(builder, element);
            if (builder.Core(xml.Text) is { Count: > 0 } core)
            {
                found.Add((xml.Text[at..core[0].Start], core));
                at = core[^1].End;
            }
        }

        var rest = xml.Text[at..xml.Tokens[xml.Tokens[content].Last].Start];
        Add(new Place(unit, source, target, segmented < 0 ? source : segmented, isSecond), found, rest);
    }

    private void Add(Place place, List<(string Before, IReadOnlyList<SourcePart> Core)> found, string rest)
    {
        var (start, end, opening) = Opening(place);
        var closing = rest + $"</{xml.Tokens[place.Source].Prefix}target>";
        if (place.IsSecond)
        {
            _always.Add(XmlTag.With(xml, place.Unit, SecondVersionState));
        }

        if (found.Count == 0)
        {
            _always.Add(new Edit(start, end, opening + closing));
        }

        foreach (var (i, (before, core)) in found.Index())
        {
            // Several changes in one place are written in their order.
            var (from, first) = i == 0 ? (start, opening) : (end, "");
            var last = i + 1 == found.Count ? closing : "";
            var segment = SourceSegment.Replaced(core, Render);
            _segments.Add(
                segment with
                {
                    Always = true,
                    Edits = (translation, kept) =>
                        segment
                            .Edits(translation, kept)
                            .Select(edit => new Edit(from, end, first + before + edit.Text + last)),
                }
            );
        }
    }

    /// <summary>Where a target is written, and its beginning.</summary>
    private (int Start, int End, string Opening) Opening(Place place)
    {
        var state = place.IsSecond ? [] : FirstVersionState;
        if (place.Target >= 0)
        {
            var old = xml.Tokens[place.Target];
            return (old.Start, xml.Tokens[old.Last].End, XmlTag.Opened(XmlTag.Text(xml.Slice(old), state)));
        }

        var source = xml.Tokens[place.Source];
        var after = xml.Tokens[xml.Tokens[place.After].Last].End;
        var indent =
            xml.Tokens[place.Source - 1] is { IsText: true } space && string.IsNullOrWhiteSpace(space.Value)
                ? xml.Slice(space)
                : "";
        var kept = source.Attribute("xml:space") is { } value ? new[] { ("xml:space", value) } : [];
        return (after, after, indent + XmlTag.Text($"<{source.Prefix}target>", kept.Concat(state)));
    }

    private static string Render(MarkedText text, Func<TextPart, string> markup) =>
        string.Concat(
            text.Parts.Select(part => part.Kind == PartKind.Text ? XmlSource.Escaped(part.Text) : markup(part))
        );

    private bool IsKept(int target, string? state) =>
        !options.ReplaceTargets
        && !NotTranslated.Contains(state)
        && Enumerable
            .Range(target, xml.Tokens[target].Last - target + 1)
            .Any(i => xml.Tokens[i].IsText && !string.IsNullOrWhiteSpace(xml.Tokens[i].Value));

    /// <summary>The marked segments of a unit; none is inside another.</summary>
    private List<int> Marked(int segmented)
    {
        var marked = new List<int>();
        for (var i = segmented + 1; i < xml.Tokens[segmented].Last; i++)
        {
            if (xml.Tokens[i] is { IsStart: true, Name: "mrk" } mark && mark.Attribute("mtype") == "seg")
            {
                marked.Add(i);
                i = mark.Last;
            }
        }

        return marked;
    }

    private int Child(int element, string name) =>
        xml.Children(element).Where(child => xml.Tokens[child].Name == name).DefaultIfEmpty(-1).First();

    /// <summary>Where the parts of a unit are.</summary>
    /// <param name="Unit">The unit, or the segment of version 2.</param>
    /// <param name="Source">Its source.</param>
    /// <param name="Target">Its target; negative if it has none.</param>
    /// <param name="After">The element after which a new target is written.</param>
    /// <param name="IsSecond">Whether this is version 2.</param>
    private sealed record Place(int Unit, int Source, int Target, int After, bool IsSecond);
}
