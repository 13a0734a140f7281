using System.Collections.Frozen;
using System.Text.RegularExpressions;

namespace TransformerClinic.Documents.Segments.Sentences;

/// <summary>
/// Characters by a property: <c>\p{Lu}</c>, <c>\p{Uppercase_Letter}</c>, <c>\p{Script=Han}</c>, <c>[:alpha:]</c>.
/// </summary>
internal static partial class IcuProperty
{
    /// <summary>What is in a set of .NET with the property, by its name without case, spaces, hyphens and underlines.
    /// </summary>
    private static readonly FrozenDictionary<string, string> Contents = new Dictionary<string, string>
    {
        ["alpha"] = @"\p{L}\p{Nl}",
        ["alphabetic"] = @"\p{L}\p{Nl}",
        ["letter"] = @"\p{L}",
        ["l&"] = @"\p{Lu}\p{Ll}\p{Lt}",
        ["lc"] = @"\p{Lu}\p{Ll}\p{Lt}",
        ["casedletter"] = @"\p{Lu}\p{Ll}\p{Lt}",
        ["upper"] = @"\p{Lu}",
        ["uppercase"] = @"\p{Lu}",
        ["uppercaseletter"] = @"\p{Lu}",
        ["lower"] = @"\p{Ll}",
        ["lowercase"] = @"\p{Ll}",
        ["lowercaseletter"] = @"\p{Ll}",
        ["titlecaseletter"] = @"\p{Lt}",
        ["modifierletter"] = @"\p{Lm}",
        ["otherletter"] = @"\p{Lo}",
        ["mark"] = @"\p{M}",
        ["number"] = @"\p{N}",
        ["digit"] = @"\p{Nd}",
        ["decimalnumber"] = @"\p{Nd}",
        ["decimaldigitnumber"] = @"\p{Nd}",
        ["letternumber"] = @"\p{Nl}",
        ["othernumber"] = @"\p{No}",
        ["alnum"] = @"\p{L}\p{Nl}\p{Nd}",
        ["xdigit"] = "0-9A-Fa-f",
        ["punct"] = @"\p{P}",
        ["punctuation"] = @"\p{P}",
        ["openpunctuation"] = @"\p{Ps}",
        ["closepunctuation"] = @"\p{Pe}",
        ["initialpunctuation"] = @"\p{Pi}",
        ["finalpunctuation"] = @"\p{Pf}",
        ["dashpunctuation"] = @"\p{Pd}",
        ["connectorpunctuation"] = @"\p{Pc}",
        ["otherpunctuation"] = @"\p{Po}",
        ["symbol"] = @"\p{S}",
        ["space"] = @"\s",
        ["whitespace"] = @"\s",
        ["separator"] = @"\p{Z}",
        ["blank"] = @"\t\p{Zs}",
        ["cntrl"] = @"\p{Cc}",
        ["control"] = @"\p{Cc}",
        ["any"] = @"\s\S",
        ["ascii"] = @"\u0000-\u007F",
        ["latin"] = @"A-Za-z\u00AA\u00BA\u00C0-\u00D6\u00D8-\u00F6\u00F8-\u02B8\u1E00-\u1EFF\u2C60-\u2C7F\uA722-\uA787",
        ["latn"] = @"A-Za-z\u00AA\u00BA\u00C0-\u00D6\u00D8-\u00F6\u00F8-\u02B8\u1E00-\u1EFF\u2C60-\u2C7F\uA722-\uA787",
        ["greek"] = @"\u0370-\u03FF\u1F00-\u1FFF",
        ["cyrillic"] = @"\u0400-\u052F\u1C80-\u1C8F\u2DE0-\u2DFF\uA640-\uA69F",
        ["armenian"] = @"\u0530-\u058F",
        ["hebrew"] = @"\u0591-\u05F4",
        ["arabic"] = @"\u0600-\u06FF\u0750-\u077F\u08A0-\u08FF\uFB50-\uFDFF\uFE70-\uFEFC",
        ["devanagari"] = @"\u0900-\u097F\uA8E0-\uA8FF",
        ["bengali"] = @"\u0980-\u09FF",
        ["tamil"] = @"\u0B80-\u0BFF",
        ["thai"] = @"\u0E01-\u0E3A\u0E40-\u0E5B",
        ["georgian"] = @"\u10A0-\u10FF\u1C90-\u1CBF\u2D00-\u2D2F",
        ["hangul"] = @"\u1100-\u11FF\u3131-\u318E\uA960-\uA97C\uAC00-\uD7FB",
        ["hiragana"] = @"\u3041-\u3096\u309D-\u309F",
        ["katakana"] = @"\u30A1-\u30FA\u30FD-\u30FF\u31F0-\u31FF\uFF66-\uFF9D",
        ["han"] = @"\u2E80-\u2FD5\u3005\u3007\u3021-\u3029\u3038-\u303B\u3400-\u4DBF\u4E00-\u9FFF\uF900-\uFAD9",
        ["hani"] = @"\u2E80-\u2FD5\u3005\u3007\u3021-\u3029\u3038-\u303B\u3400-\u4DBF\u4E00-\u9FFF\uF900-\uFAD9",
    }.ToFrozenDictionary();

    /// <summary>Whether a property in brackets is at a place: <c>[:alpha:]</c>, not the set <c>[:;]</c>.</summary>
    public static bool IsInBrackets(string source, int at) => source[at] == '[' && Property().IsMatch(source, at);

    /// <summary>A set of .NET for a property.</summary>
    /// <param name="source">The expression.</param>
    /// <param name="at">
    /// The place of <c>\p</c>, <c>\P</c> or <c>[:</c>; afterwards the place after the property.
    /// </param>
    /// <exception cref="FormatException">It is not such a property.</exception>
    /// <exception cref="NotSupportedException">It is one that .NET does not have.</exception>
    public static string Read(string source, ref int at)
    {
        var match = Property().Match(source, at);
        if (!match.Success)
        {
            throw new FormatException("a property is not complete; it is written as in \\p{Lu} or [:alpha:].");
        }

        at += match.Length;
        var negated = match.Value.StartsWith(@"\P", StringComparison.Ordinal) != match.Groups["not"].Success;
        return $"[{(negated ? "^" : "")}{ContentOf(match.Groups["name"].Value)}]";
    }

    private static string ContentOf(string name)
    {
        var value = name[(name.LastIndexOf('=') + 1)..];
        if (Category().IsMatch(value))
        {
            return $@"\p{{{value}}}";
        }

        var key = Separators().Replace(value, "").ToLowerInvariant();
        if (
            Contents.TryGetValue(key, out var content)
            || (key.StartsWith("is", StringComparison.Ordinal) && Contents.TryGetValue(key[2..], out content))
        )
        {
            return content;
        }

        var block = value.StartsWith("In", StringComparison.Ordinal) ? $"Is{value[2..]}" : value;
        try
        {
            _ = new Regex($@"\p{{{block}}}", RegexOptions.CultureInvariant);
            return $@"\p{{{block}}}";
        }
        catch (ArgumentException exception)
        {
            throw new NotSupportedException(
                $"the property \"{name}\" is not supported; write the characters as ranges, such as [\\u0400-\\u04FF].",
                exception
            );
        }
    }

    [GeneratedRegex(
        @"\G(?:\\[pP](?:\{(?<not>\^)?\s*(?<name>[^{}]+?)\s*\}|(?<name>[A-Z]))|\[:(?<not>\^)?(?<name>[^:\]]+):\])"
    )]
    private static partial Regex Property();

    [GeneratedRegex(@"^(?:L[ulmot]?|M[nce]?|N[dlo]?|P[cdseifo]?|S[mcko]?|Z[slp]?|C[cfosn]?)$")]
    private static partial Regex Category();

    [GeneratedRegex(@"[\s_-]")]
    private static partial Regex Separators();
}
