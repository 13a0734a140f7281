using System.Globalization;
using System.Text.Json.Nodes;
using TransformerClinic.Text;

namespace TransformerClinic.Interop.HuggingFace;

/// <summary>
/// A subword model as Hugging Face's <c>tokenizer.json</c>, as the library <c>tokenizers</c> reads it in Rust, Python
/// and JavaScript: the same normalization, the same stretches, the same merges, the same ids; every text ends with
/// <c>&lt;/s&gt;</c>.
/// </summary>
/// <remarks>
/// It differs from ours on texts that hold a mark literally, such as <c>&lt;/s&gt;</c>: that library looks for marks
/// in the text before anything else, and ours spells them. White space is listed, since <c>\s</c> means something else
/// in every language.
/// </remarks>
internal static class TokenizerFile
{
    /// <summary>The characters that <see cref="TextNormalizer"/> drops, as a regular expression's class.</summary>
    private const string Dropped =
        @"\u0000-\u0008\u000E-\u001F\u007F-\u0084\u0086-\u009F\u00AD\u061C\u200B\u200E\u200F\u202A-\u202E"
        + @"\u2060-\u206F\uFEFF";

    private const string WhiteSpace =
        @"\u0009-\u000D\u0020\u0085\u00A0\u1680\u2000-\u200A\u2028\u2029\u202F\u205F\u3000";

    /// <summary>The file's content.</summary>
    public static JsonObject Of(BytePairModel subwords) =>
        new()
        {
            ["version"] = "1.0",
            ["truncation"] = null,
            ["padding"] = null,
            ["added_tokens"] = new JsonArray([
                .. Enumerable.Range(0, Vocabulary.Marks).Select(id => Mark(subwords, id)),
            ]),
            ["normalizer"] = Sequence("normalizers", Normalizers(subwords.Normalization)),
            ["pre_tokenizer"] = Stretches(),
            ["post_processor"] = EndOfSentence(subwords),
            ["decoder"] = Sequence(
                "decoders",
                Typed("ByteFallback"),
                Typed("Fuse"),
                Typed("Strip", ("content", " "), ("start", 1), ("stop", 0))
            ),
            ["model"] = Pairs(subwords),
        };

    private static JsonObject[] Normalizers(Normalization form) =>
        [
            // The standard calls U+FFFE no character; ours reads it as damage.
            Replace(@"\uFFFE", "\uFFFD"),
            Replace($"[{Dropped}]", ""),
            Typed(form == Normalization.Nfkc ? "NFKC" : "NFC"),
            Replace($"[{WhiteSpace}]+", " "),
            Replace("^ | $", ""),
            Typed("Prepend", ("prepend", " ")),
        ];

    private static JsonObject Stretches()
    {
        const string Letters = @"\p{L}\p{Mn}\p{Mc}";
        var longest = WordSplitter.Longest.ToString(CultureInfo.InvariantCulture);
        var pattern = $" ?(?:[{Letters}]{{1,{longest}}}|\\p{{Nd}}|[^{Letters}\\p{{Nd}} ]{{1,{longest}}})";
        return Typed("Split", ("pattern", Regex(pattern)), ("behavior", "Isolated"), ("invert", false));
    }

    private static JsonObject EndOfSentence(BytePairModel subwords)
    {
        var mark = subwords.Vocabulary[Vocabulary.EndOfSentence];
        JsonObject Part(string kind, string id, int type) =>
            new()
            {
                [kind] = new JsonObject { ["id"] = id, ["type_id"] = type },
            };
        return Typed(
            "TemplateProcessing",
            ("single", new JsonArray(Part("Sequence", "A", 0), Part("SpecialToken", mark, 0))),
            (
                "pair",
                new JsonArray(
                    Part("Sequence", "A", 0),
                    Part("SpecialToken", mark, 0),
                    Part("Sequence", "B", 0),
                    Part("SpecialToken", mark, 0)
                )
            ),
            (
                "special_tokens",
                new JsonObject
                {
                    [mark] = new JsonObject
                    {
                        ["id"] = mark,
                        ["ids"] = new JsonArray(Vocabulary.EndOfSentence),
                        ["tokens"] = new JsonArray(mark),
                    },
                }
            )
        );
    }

    private static JsonObject Pairs(BytePairModel subwords)
    {
        var vocabulary = new JsonObject();
        for (var id = 0; id < subwords.Vocabulary.Count; id++)
        {
            vocabulary[subwords.Vocabulary[id]] = id;
        }

        return Typed(
            "BPE",
            ("dropout", null),
            ("unk_token", subwords.Vocabulary[Vocabulary.Unknown]),
            ("continuing_subword_prefix", null),
            ("end_of_word_suffix", null),
            ("fuse_unk", false),
            ("byte_fallback", true),
            ("ignore_merges", false),
            ("vocab", vocabulary),
            // As pairs in arrays: the older form, "left right", cannot hold pieces with spaces.
            ("merges", new JsonArray([.. subwords.Merges.Select(merge => new JsonArray(merge.Left, merge.Right))]))
        );
    }

    private static JsonObject Mark(BytePairModel subwords, int id) =>
        new()
        {
            ["id"] = id,
            ["content"] = subwords.Vocabulary[id],
            ["single_word"] = false,
            ["lstrip"] = false,
            ["rstrip"] = false,
            ["normalized"] = false,
            ["special"] = true,
        };

    private static JsonObject Replace(string pattern, string content) =>
        Typed("Replace", ("pattern", Regex(pattern)), ("content", content));

    private static JsonObject Regex(string pattern) => new() { ["Regex"] = pattern };

    private static JsonObject Sequence(string name, params JsonObject[] parts) =>
        Typed("Sequence", (name, new JsonArray([.. parts])));

    private static JsonObject Typed(string type, params (string Key, JsonNode? Value)[] entries)
    {
        var typed = new JsonObject { ["type"] = type };
        foreach (var (key, value) in entries)
        {
            typed[key] = value;
        }

        return typed;
    }
}
