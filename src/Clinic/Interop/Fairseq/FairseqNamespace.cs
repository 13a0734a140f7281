using TransformerClinic.Interop.Pickle;
using TransformerClinic.Model;

namespace TransformerClinic.Interop.Fairseq;

/// <summary>
/// The options of a model as fairseq's arguments: what its transformer, its task and Transformer-Clinic's layers read
/// when they make the model.
/// </summary>
internal static class FairseqNamespace
{
    /// <summary>The fields of the Namespace.</summary>
    public static PickleDictionary Of(ModelOptions options, string sourceLanguage, string targetLanguage)
    {
        var fields = new PickleDictionary();
        fields.Entries.AddRange([
            ("arch", "transformer"),
            ("task", "translation"),
            ("criterion", "cross_entropy"),
            ("optimizer", "adam"),
            ("lr_scheduler", "fixed"),
            ("data", "."),
            ("source_lang", sourceLanguage),
            ("target_lang", targetLanguage),
            ("left_pad_source", "True"),
            ("left_pad_target", "False"),
            ("max_source_positions", options.MaxPositions),
            ("max_target_positions", options.MaxPositions),
            ("share_all_embeddings", options.SharedEmbeddings == EmbeddingSharing.All),
            ("share_decoder_input_output_embed", options.SharedEmbeddings != EmbeddingSharing.None),
            ("activation_fn", options.Activation == Activation.Gelu ? "gelu" : "relu"),
            ("dropout", options.Dropout),
            ("attention_dropout", options.AttentionDropout),
            ("activation_dropout", options.ActivationDropout),
            ("no_token_positional_embeddings", false),
            ("adaptive_input", false),
            ("adaptive_softmax_cutoff", null),
            ("adaptive_softmax_dropout", 0.0),
            ("no_cross_attention", false),
            ("cross_self_attention", false),
            ("layer_wise_attention", false),
            ("decoder_input_dim", options.Dim),
            ("decoder_output_dim", options.Dim),
            // Of Transformer-Clinic only.
            ("init_type", "default"),
            ("fp16", false),
            ("mixed_precision", false),
            ("plot_variance", false),
            ("plot_gradient", false),
            ("plot_stability", false),
        ]);
        Add(fields, StackName.Encoder.Word(), options.Encoder, options);
        Add(fields, StackName.Decoder.Word(), options.Decoder, options);
        return fields;
    }

    private static void Add(PickleDictionary fields, string name, StackOptions stack, ModelOptions options) =>
        fields.Entries.AddRange([
            ($"{name}_layers", stack.Layers),
            ($"{name}_embed_dim", options.Dim),
            ($"{name}_ffn_embed_dim", options.FeedForwardDim),
            ($"{name}_attention_heads", options.Heads),
            ($"{name}_normalize_before", FairseqVariants.NormalizesBefore(stack.Variant) is true),
            ($"{name}_learned_pos", false),
            ($"{name}_embed_path", null),
        ]);
}
