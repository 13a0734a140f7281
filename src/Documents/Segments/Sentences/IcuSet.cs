using System.Globalization;
using System.Text;

namespace TransformerClinic.Documents.Segments.Sentences;

/// <summary>
/// Sets of characters, which in ICU can hold sets and have intersections and differences:
/// <c>[\p{L}&amp;&amp;[^a-z]]</c>, <c>[[a-z]--[aeiou]]</c>. In .NET's syntax a plain set stays one; other sets become
/// an expression for one character that looks ahead.
/// </summary>
internal sealed class IcuSet
{
    private const int MostLevels = 20;

    private readonly string _source;
    private int _at;

    private IcuSet(string source, int at) => (_source, _at) = (source, at);

    /// <summary>An expression of .NET for a set.</summary>
    /// <param name="source">The expression.</param>
    /// <param name="at">The place of the bracket; afterwards the place after the closing bracket.</param>
    /// <exception cref="FormatException">The set is not complete.</exception>
    /// <exception cref="NotSupportedException">It has what .NET does not have.</exception>
    public static string Read(string source, ref int at)
    {
        if (IcuProperty.IsInBrackets(source, at))
        {
            return IcuProperty.Read(source, ref at);
        }

        var set = new IcuSet(source, at);
        var result = set.Set(0);
        at = set._at;
        return result;
    }

    private string Set(int level)
    {
        if (level > MostLevels)
        {
            throw new NotSupportedException("sets are in one another too deeply.");
        }

        _at++;
        var negated = _at < _source.Length && _source[_at] == '^';
        _at += negated ? 1 : 0;
        var result = Union(level, first: true);
        while (Operator() is { } difference)
        {
            _at += difference.Length;
            var other = Union(level, first: false);
            result = difference[0] == '-' ? $"(?:(?!{other}){result})" : $"(?:(?={other}){result})";
        }

        _at++;
        return !negated ? result
            : IsPlain(result) ? $"[^{result[1..]}"
            : $@"(?:(?!{result})[\s\S])";
    }

    /// <summary>Members up to an operator or the closing bracket.</summary>
    private string Union(int level, bool first)
    {
        var content = new StringBuilder();
        var others = new List<string>();
        while (true)
        {
            if (_at >= _source.Length)
            {
                throw new FormatException("a set [...] is not closed.");
            }

            if ((_source[_at] == ']' && !first) || Operator() is not null)
            {
                break;
            }

            Member(level, content, others);
            first = false;
        }

        if (content.Length > 0)
        {
            others.Insert(0, $"[{content}]");
        }

        return others switch
        {
            [] => "(?!)",
            [var only] => only,
            _ => $"(?:{string.Join('|', others)})",
        };
    }

    private void Member(int level, StringBuilder content, List<string> others)
    {
        if (_source[_at] == '[' || IsProperty())
        {
            var property = _source[_at] != '[' || IcuProperty.IsInBrackets(_source, _at);
            var inner = property ? IcuProperty.Read(_source, ref _at) : Set(level + 1);
            if (IsPlain(inner) && inner[1] != '^')
            {
                content.Append(inner, 1, inner.Length - 2);
            }
            else
            {
                others.Add(inner);
            }
        }
        else if (_source[_at] == '\\')
        {
            Escape(content, others);
        }
        else if (char.IsSurrogate(_source[_at]))
        {
            var pair = _at + 1 < _source.Length && char.IsSurrogatePair(_source, _at);
            others.Add(_source.Substring(_at, pair ? 2 : 1));
            _at += pair ? 2 : 1;
        }
        else
        {
            content.Append(_source[_at] is ']' or '^' ? $@"\{_source[_at]}" : _source[_at].ToString());
            _at++;
        }
    }

    private bool IsProperty() => _source[_at] == '\\' && _at + 1 < _source.Length && _source[_at + 1] is 'p' or 'P';

    private void Escape(StringBuilder content, List<string> others)
    {
        if (_at + 1 >= _source.Length)
        {
            throw new FormatException("it ends with a backslash.");
        }

        switch (_source[_at + 1])
        {
            case 'x' or 'u' or 'U' or '0':
                var codePoint = IcuEscape.CodePoint(_source, ref _at);
                if (codePoint > 0xFFFF)
                {
                    others.Add(char.ConvertFromUtf32(codePoint));
                }
                else
                {
                    content.Append(CultureInfo.InvariantCulture, $@"\u{codePoint:X4}");
                }

                break;
            case 'h':
                content.Append(@"\t\p{Zs}");
                _at += 2;
                break;
            case 'v':
                content.Append(@"\n\u000B\f\r\u0085\u2028\u2029");
                _at += 2;
                break;
            case 'Q' or 'N' or 'R' or 'X' or 'H' or 'V':
                throw new NotSupportedException($@"\{_source[_at + 1]} in a set [...] is not supported.");
            default:
                content.Append(_source, _at, 2);
                _at += 2;
                break;
        }
    }

    /// <summary>The operator at the current place; null if there is none.</summary>
    private string? Operator()
    {
        var rest = _source.AsSpan(_at);
        return rest.StartsWith("&&") ? "&&"
            : rest.StartsWith("--") ? "--"
            // A single sign is an operator only between sets; otherwise it is a range or means itself.
            : rest.StartsWith("-[") && !IcuProperty.IsInBrackets(_source, _at + 1) ? "-"
            : rest.StartsWith("&[") ? "&"
            : null;
    }

    private static bool IsPlain(string set) => set[0] == '[' && set[^1] == ']' && OnlyEscapedBrackets(set);

    private static bool OnlyEscapedBrackets(string set)
    {
        for (var i = 1; i < set.Length - 1; i++)
        {
            if (set[i] == '\\')
            {
                i++;
            }
            else if (set[i] == ']')
            {
                return false;
            }
        }

        return true;
    }
}
