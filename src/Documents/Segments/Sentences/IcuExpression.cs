using System.Globalization;
using System.Text;
using System.Text.RegularExpressions;

namespace TransformerClinic.Documents.Segments.Sentences;

/// <summary>
/// Regular expressions in the syntax of ICU, which SRX names, and of Java, in which most SRX files were written, in the
/// syntax of .NET: sets, properties, quotations, escapes and possessive quantifiers differ.
/// </summary>
internal sealed partial class IcuExpression
{
    private const int MostCharacters = 100_000;
    private const string LineBreaks = @"\n\u000B\f\r\u0085\u2028\u2029";

    private readonly string _source;
    private readonly StringBuilder _result = new();

    /// <summary>Where groups that are still open begin in the result.</summary>
    private readonly Stack<int> _groups = new();
    private int _at;

    /// <summary>Where what a quantifier would repeat begins in the result; -1 if there is nothing to repeat.</summary>
    private int _atom = -1;

    private IcuExpression(string source) => _source = source;

    /// <summary>The same expression for .NET.</summary>
    /// <exception cref="FormatException">It is not an expression.</exception>
    /// <exception cref="NotSupportedException">It uses what .NET does not have.</exception>
    public static string ToDotNet(string expression) =>
        expression.Length <= MostCharacters
            ? new IcuExpression(expression).Translated()
            : throw new NotSupportedException(
                FormattableString.Invariant($"it has more than {MostCharacters:N0} characters.")
            );

    private string Translated()
    {
        while (_at < _source.Length)
        {
            Step(_source[_at]);
        }

        return _result.ToString();
    }

    private void Step(char next)
    {
        switch (next)
        {
            case '\\':
                Escape();
                break;
            case '[':
                var set = IcuSet.Read(_source, ref _at);
                Atom(set);
                break;
            case '(':
                OpenGroup();
                break;
            case ')':
                _at++;
                _atom = _groups.TryPop(out var start) ? start : -1;
                _result.Append(')');
                break;
            case '*' or '+' or '?':
                Quantifier(1);
                break;
            case '{' when Repetition().Match(_source, _at) is { Success: true } repetition:
                Quantifier(repetition.Length);
                break;
            case '|':
                _at++;
                _atom = -1;
                _result.Append('|');
                break;
            default:
                _at++;
                Atom(next.ToString());
                break;
        }
    }

    private void Atom(string text)
    {
        _atom = _result.Length;
        _result.Append(text);
    }

    private void OpenGroup()
    {
        if (FlagW().IsMatch(_source, _at))
        {
            throw new NotSupportedException("the flag w (word boundaries of Unicode) is not supported.");
        }

        _groups.Push(_result.Length);
        var opening = Opening().Match(_source, _at).Value;
        _result.Append(opening);
        _at += opening.Length;
        _atom = -1;
    }

    /// <summary>A quantifier, and whether it is reluctant or possessive: <c>a++</c> is <c>(?&gt;a+)</c>.</summary>
    private void Quantifier(int length)
    {
        var quantifier = _source.Substring(_at, length);
        _at += length;
        if (_at < _source.Length && _source[_at] == '?')
        {
            _at++;
            quantifier += "?";
        }
        else if (_at < _source.Length && _source[_at] == '+')
        {
            _at++;
            if (_atom < 0)
            {
                throw new FormatException("a quantifier follows nothing.");
            }

            _result.Insert(_atom, "(?>").Append(quantifier).Append(')');
            return;
        }

        _result.Append(quantifier);
    }

    private void Escape()
    {
        if (_at + 1 >= _source.Length)
        {
            throw new FormatException("it ends with a backslash.");
        }

        switch (_source[_at + 1])
        {
            case 'Q':
                Quotation();
                break;
            case 'h':
                Class(@"[\t\p{Zs}]");
                break;
            case 'H':
                Class(@"[^\t\p{Zs}]");
                break;
            case 'v':
                Class($"[{LineBreaks}]");
                break;
            case 'V':
                Class($"[^{LineBreaks}]");
                break;
            case 'R':
                Class($@"(?>\r\n|[{LineBreaks}])");
                break;
            case 'X':
                Class(@"(?>\P{M}\p{M}*)");
                break;
            case 'p' or 'P':
                Atom(IcuProperty.Read(_source, ref _at));
                break;
            case 'x' or 'u' or 'U' or '0':
                Atom(InExpression(IcuEscape.CodePoint(_source, ref _at)));
                break;
            case 'N':
                throw new NotSupportedException(@"\N{...} (a character by its name) is not supported.");
            case 'k' when NamedReference().Match(_source, _at) is { Success: true } reference:
                _at += reference.Length;
                Atom(reference.Value);
                break;
            case 'c' when _at + 2 < _source.Length:
                Atom(_source.Substring(_at, 3));
                _at += 3;
                break;
            default:
                Atom(_source.Substring(_at, 2));
                _at += 2;
                break;
        }
    }

    private void Class(string text)
    {
        _at += 2;
        Atom(text);
    }

    private void Quotation()
    {
        var end = _source.IndexOf(@"\E", _at, StringComparison.Ordinal);
        var last = end < 0 ? _source.Length : end;
        foreach (var letter in _source[(_at + 2)..last])
        {
            Atom(Regex.Escape(letter.ToString()));
        }

        _at = end < 0 ? last : end + 2;
    }

    private static string InExpression(int codePoint) =>
        codePoint > 0xFFFF
            ? $"(?:{char.ConvertFromUtf32(codePoint)})"
            : string.Create(CultureInfo.InvariantCulture, $@"\u{codePoint:X4}");

    [GeneratedRegex(@"\G\{\d+(?:,\d*)?\}")]
    private static partial Regex Repetition();

    [GeneratedRegex(@"\G\((?:\?(?:[:=!>]|<[=!]|<[A-Za-z]\w*>|[a-zA-Z]*(?:-[a-zA-Z]*)?:?))?")]
    private static partial Regex Opening();

    [GeneratedRegex(@"\G\(\?[a-z]*w[a-z]*(?:-[a-z]*)?[:)]")]
    private static partial Regex FlagW();

    [GeneratedRegex(@"\G\\k<\w+>")]
    private static partial Regex NamedReference();
}
