using System.Text.Json.Nodes;
using TransformerClinic.Text;

namespace TransformerClinic.Interop.CTranslate2;

/// <summary>
/// CTranslate2's <c>config.json</c>: what its translator adds to a source, and what decoding starts from
/// (CTranslate2 4.8.1, python/ctranslate2/specs/transformer_spec.py).
/// </summary>
internal static class CTranslate2Config
{
    /// <summary>The file's content.</summary>
    public static JsonObject Of(Vocabulary vocabulary) =>
        new()
        {
            ["add_source_bos"] = false,
            ["add_source_eos"] = true,
            ["bos_token"] = vocabulary[Vocabulary.Bos],
            ["decoder_start_token"] = vocabulary[Vocabulary.EndOfSentence],
            ["eos_token"] = vocabulary[Vocabulary.EndOfSentence],
            ["layer_norm_epsilon"] = null,
            ["multi_query_attention"] = false,
            ["unk_token"] = vocabulary[Vocabulary.Unknown],
        };
}
