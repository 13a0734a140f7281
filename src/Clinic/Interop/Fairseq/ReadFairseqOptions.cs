using System.Collections.Frozen;

namespace TransformerClinic.Interop.Fairseq;

/// <summary>The options of fairseq's transformer that change what the model computes.</summary>
internal static class ReadFairseqOptions
{
    private static readonly FrozenSet<string> Read = FrozenSet.Create(
        StringComparer.Ordinal,
        "activation_dropout",
        "activation_fn",
        "arch",
        "attention_dropout",
        "decoder_attention_heads",
        "decoder_embed_dim",
        "decoder_ffn_embed_dim",
        "decoder_input_dim",
        "decoder_layers",
        "decoder_normalize_before",
        "decoder_output_dim",
        "dropout",
        "encoder_attention_heads",
        "encoder_embed_dim",
        "encoder_ffn_embed_dim",
        "encoder_layers",
        "encoder_normalize_before",
        "init_type",
        "max_source_positions",
        "max_target_positions",
        "relu_dropout",
        "share_all_embeddings",
        "share_decoder_input_output_embed",
        "source_lang",
        "target_lang"
    );

    private static readonly object[] Off = [false, 0L, 0.0, ""];

    /// <summary>
    /// Options that our models do not have, with the values that leave the model as it is; null does, too.
    /// </summary>
    public static IReadOnlyDictionary<string, object[]> Neutral { get; } =
        new Dictionary<string, object[]>(StringComparer.Ordinal)
        {
            ["task"] = ["translation"],
            ["adaptive_input"] = Off,
            ["adaptive_softmax_cutoff"] = [],
            ["base_layers"] = Off,
            ["char_inputs"] = Off,
            ["cross_self_attention"] = Off,
            ["decoder_layers_to_keep"] = Off,
            ["decoder_learned_pos"] = Off,
            ["decoder_xformers_att_config"] = Off,
            ["encoder_layers_to_keep"] = Off,
            ["encoder_learned_pos"] = Off,
            ["encoder_xformers_att_config"] = Off,
            ["layer_wise_attention"] = Off,
            ["layernorm_embedding"] = Off,
            ["merge_src_tgt_embed"] = Off,
            ["no_cross_attention"] = Off,
            ["no_decoder_final_norm"] = Off,
            ["no_scale_embedding"] = Off,
            ["no_token_positional_embeddings"] = Off,
            ["quant_noise_pq"] = Off,
            ["quant_noise_scalar"] = Off,
            ["xformers_att_config"] = Off,
        };

    /// <summary>Whether an option is read.</summary>
    public static bool Has(string name) => Read.Contains(name) || Neutral.ContainsKey(name);
}
