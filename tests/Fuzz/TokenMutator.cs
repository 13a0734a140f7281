using System.Text;
using System.Text.RegularExpressions;

namespace TransformerClinic.Fuzz;

/// <summary>
/// Changes of JSON or YAML that mostly leave it such: a token for another, a stretch of tokens twice, gone, or from
/// another input.
/// </summary>
internal static partial class TokenMutator
{
    private static readonly string[] Numbers =
    [
        "0",
        "1",
        "2",
        "3",
        "4",
        "6",
        "8",
        "12",
        "16",
        "24",
        "2147483648",
        "9223372036854775807",
        "9223372036854775808",
        "4611686018427387904",
        "-1",
        "1.0",
        "1e3",
    ];
    private static readonly string[] Texts =
    [
        "\"F32\"",
        "\"F64\"",
        "\"BF16\"",
        "\"U8\"",
        "\"BOOL\"",
        "\"I64\"",
        "\"F8\"",
        "\"a\"",
        "\"b\"",
        "\"\"",
        "\"dtype\"",
        "\"shape\"",
        "\"data_offsets\"",
        "\"__metadata__\"",
        "\"\\ud800\"",
        "\"\\u0061\"",
        "\"ä\"",
    ];

    public static byte[] Mutate(byte[] input, byte[] other, Random random)
    {
        var (tokens, others) = (Tokens(input), Tokens(other));
        for (var i = 1 + random.Next(3); i > 0 && tokens.Count > 0; i--)
        {
            var at = random.Next(tokens.Count);
            var count = Math.Min(random.Next(1, 20), tokens.Count - at);
            switch (random.Next(7))
            {
                case 0:
                    tokens.RemoveRange(at, count);
                    break;
                case 1:
                    tokens.InsertRange(at, tokens.GetRange(at, count));
                    break;
                case 2:
                    tokens[at] = tokens[random.Next(tokens.Count)];
                    break;
                case 3 when others.Count > 0:
                    var from = random.Next(others.Count);
                    tokens.InsertRange(at, others.GetRange(from, Math.Min(count, others.Count - from)));
                    break;
                default:
                    tokens[at] =
                        tokens[at][0] is '"' ? Texts[random.Next(Texts.Length)]
                        : char.IsDigit(tokens[at][0]) ? Numbers[random.Next(Numbers.Length)]
                        : tokens[at];
                    break;
            }
        }

        return Encoding.UTF8.GetBytes(string.Concat(tokens));
    }

    private static List<string> Tokens(byte[] text) =>
        [.. Token().Matches(Encoding.UTF8.GetString(text)).Select(match => match.Value)];

    [GeneratedRegex("\"(?:[^\"\\\\]|\\\\.)*\"|[^\",:\\[\\]{}\\s]+|[,:\\[\\]{}]|\\s+", RegexOptions.Singleline)]
    private static partial Regex Token();
}
