using System.Text;
using System.Text.RegularExpressions;

namespace TransformerClinic.Bench.Fuzz;

/// <summary>Changes of JSON that mostly leave it JSON: a token for another, a stretch of tokens twice, or gone.</summary>
internal static partial class TokenMutator
{
    private static readonly string[] Numbers = ["0", "1", "2", "3", "4", "6", "8", "12", "16", "24", "2147483648", "9223372036854775807", "9223372036854775808", "4611686018427387904", "-1", "1.0", "1e3"];
    private static readonly string[] Texts = ["\"F32\"", "\"F64\"", "\"BF16\"", "\"U8\"", "\"BOOL\"", "\"I64\"", "\"F8\"", "\"a\"", "\"b\"", "\"\"", "\"dtype\"", "\"shape\"", "\"data_offsets\"", "\"__metadata__\"", "\"\\ud800\"", "\"\\u0061\"", "\"ä\""];

    public static byte[] Mutate(byte[] json, Random random)
    {
        var tokens = Token().Matches(Encoding.UTF8.GetString(json)).Select(match => match.Value).ToList();
        for (var i = 1 + random.Next(3); i > 0 && tokens.Count > 0; i--)
        {
            var at = random.Next(tokens.Count);
            var count = Math.Min(random.Next(1, 20), tokens.Count - at);
            switch (random.Next(6))
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
                default:
                    tokens[at] = tokens[at][0] is '"' ? Texts[random.Next(Texts.Length)]
                        : char.IsDigit(tokens[at][0]) ? Numbers[random.Next(Numbers.Length)]
                        : tokens[at];
                    break;
            }
        }

        return Encoding.UTF8.GetBytes(string.Concat(tokens));
    }

    [GeneratedRegex("\"(?:[^\"\\\\]|\\\\.)*\"|[^\",:\\[\\]{}\\s]+|[,:\\[\\]{}]|\\s+", RegexOptions.Singleline)]
    private static partial Regex Token();
}
