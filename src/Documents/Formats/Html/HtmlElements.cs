using System.Collections.Frozen;

namespace TransformerClinic.Documents.Formats.Html;

/// <summary>What elements of HTML mean for translation.</summary>
internal static class HtmlElements
{
    private static readonly FrozenSet<string> Inline = Names(
        "a abbr acronym audio b bdi bdo big br cite data del dfn em font i img ins label mark nobr picture q ruby s",
        "small source span strike strong sub sup time track tt u video wbr code kbd samp var math svg rt rp script",
        "noscript"
    );

    private static readonly FrozenSet<string> Void = Names(
        "area base basefont bgsound br col embed frame hr img input keygen link meta param source track wbr"
    );

    private static readonly FrozenSet<string> Untouched = Names(
        "script style pre code kbd samp var textarea svg math rt rp xmp iframe noembed noframes plaintext"
    );

    /// <summary>Whether an element is part of a sentence; names with a hyphen are an author's own elements.</summary>
    public static bool IsInline(string name) => Inline.Contains(name) || name.Contains('-', StringComparison.Ordinal);

    /// <summary>Whether an element has no content and no end.</summary>
    public static bool IsVoid(string name) => Void.Contains(name);

    /// <summary>Whether an element is left as it is, with all that is in it.</summary>
    public static bool IsUntouched(HtmlPiece tag) =>
        Untouched.Contains(tag.Name)
        || "no".Equals(tag.Attribute("translate"), StringComparison.OrdinalIgnoreCase)
        || (tag.Attribute("class") ?? "")
            .Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries)
            .Contains("notranslate", StringComparer.OrdinalIgnoreCase);

    /// <summary>Whether an open element ends where another begins, as the standard allows.</summary>
    public static bool EndsBefore(string open, string next) =>
        open switch
        {
            "p" => !IsInline(next) && next is not ("option" or "input" or "button" or "select" or "object" or "map"),
            "li" => next == "li",
            "dt" or "dd" => next is "dt" or "dd",
            "td" or "th" => next is "td" or "th" or "tr" or "tbody" or "tfoot",
            "tr" => next is "tr" or "tbody" or "tfoot",
            "option" => next is "option" or "optgroup",
            _ => false,
        };

    private static FrozenSet<string> Names(params string[] lists) =>
        lists.SelectMany(list => list.Split(' ')).ToFrozenSet(StringComparer.Ordinal);
}
