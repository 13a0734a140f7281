using System.Text.Json.Nodes;
using TransformerClinic.Model;
using TransformerClinic.Text;

namespace TransformerClinic.Interop.HuggingFace;

/// <summary>
/// The configurations of a Hugging Face folder, as <c>transformers</c> and transformers.js read them.
/// </summary>
internal static class HuggingFaceConfig
{
    /// <summary><c>config.json</c>: the model's class and shape.</summary>
    /// <param name="model">The model.</param>
    /// <param name="class">Its class.</param>
    /// <param name="source">The source language's code.</param>
    /// <param name="target">The target language's.</param>
    public static JsonObject Model(Transformer model, HuggingFaceClass @class, string source, string target)
    {
        var options = model.Options;
        var shared = options.SharedEmbeddings == EmbeddingSharing.All;
        var config = new JsonObject
        {
            ["model_type"] = @class switch
            {
                HuggingFaceClass.Marian => "marian",
                HuggingFaceClass.M2m100 => "m2m_100",
                _ => "fsmt",
            },
            ["architectures"] = new JsonArray(
                @class switch
                {
                    HuggingFaceClass.Marian => "MarianMTModel",
                    HuggingFaceClass.M2m100 => "M2M100ForConditionalGeneration",
                    _ => "FSMTForConditionalGeneration",
                }
            ),
            ["d_model"] = options.Dim,
            ["encoder_layers"] = options.Encoder.Layers,
            ["decoder_layers"] = options.Decoder.Layers,
            ["num_hidden_layers"] = options.Encoder.Layers,
            ["encoder_attention_heads"] = options.Heads,
            ["decoder_attention_heads"] = options.Heads,
            ["encoder_ffn_dim"] = options.FeedForwardDim,
            ["decoder_ffn_dim"] = options.FeedForwardDim,
            ["activation_function"] = options.Activation switch
            {
                Activation.Relu => "relu",
                Activation.Swish => "swish",
                _ => "gelu",
            },
            ["vocab_size"] = model.Vocabulary,
            ["max_position_embeddings"] = options.MaxPositions,
            ["scale_embedding"] = true,
            ["tie_word_embeddings"] = shared || @class != HuggingFaceClass.Fsmt,
            ["is_encoder_decoder"] = true,
            ["bos_token_id"] = Vocabulary.Bos,
            ["pad_token_id"] = Vocabulary.Pad,
            ["eos_token_id"] = Vocabulary.EndOfSentence,
            ["decoder_start_token_id"] = Start(options),
            ["forced_eos_token_id"] = Vocabulary.EndOfSentence,
            ["dropout"] = options.Dropout,
            ["attention_dropout"] = options.AttentionDropout,
            ["activation_dropout"] = options.ActivationDropout,
            ["encoder_layerdrop"] = 0,
            ["decoder_layerdrop"] = 0,
            ["use_cache"] = true,
            ["torch_dtype"] = "float32",
        };
        if (@class == HuggingFaceClass.Marian)
        {
            config["decoder_vocab_size"] = model.Vocabulary;
            config["share_encoder_decoder_embeddings"] = shared;
            config["static_position_embeddings"] = true;
        }

        if (@class == HuggingFaceClass.Fsmt)
        {
            config["langs"] = new JsonArray(source, target);
            config["src_vocab_size"] = model.Vocabulary;
            config["tgt_vocab_size"] = model.Vocabulary;
            config["max_length"] = options.MaxPositions;
        }

        return config;
    }

    /// <summary>
    /// <c>generation_config.json</c>: how to search; padding is never generated, as it is not by our own search.
    /// </summary>
    /// <param name="model">The model.</param>
    /// <param name="beam">Hypotheses of the search.</param>
    /// <param name="lengthPenalty">Exponent of the length that scores are divided by.</param>
    public static JsonObject Generation(Transformer model, int beam, double lengthPenalty) =>
        new()
        {
            ["bos_token_id"] = Vocabulary.Bos,
            ["pad_token_id"] = Vocabulary.Pad,
            ["eos_token_id"] = Vocabulary.EndOfSentence,
            ["decoder_start_token_id"] = Start(model.Options),
            ["bad_words_ids"] = new JsonArray(new JsonArray(Vocabulary.Pad)),
            ["max_length"] = Math.Min(512, model.Options.MaxPositions),
            ["num_beams"] = beam,
            ["length_penalty"] = lengthPenalty,
        };

    /// <summary><c>special_tokens_map.json</c>: the marks by their names there.</summary>
    public static JsonObject SpecialTokens(BytePairModel subwords) =>
        new()
        {
            ["bos_token"] = subwords.Vocabulary[Vocabulary.Bos],
            ["pad_token"] = subwords.Vocabulary[Vocabulary.Pad],
            ["eos_token"] = subwords.Vocabulary[Vocabulary.EndOfSentence],
            ["unk_token"] = subwords.Vocabulary[Vocabulary.Unknown],
        };

    /// <summary><c>tokenizer_config.json</c>: the class that reads <c>tokenizer.json</c> as it is.</summary>
    public static JsonObject Tokenizer(Transformer model, BytePairModel subwords)
    {
        var config = SpecialTokens(subwords);
        config["tokenizer_class"] = "PreTrainedTokenizerFast";
        config["model_max_length"] = model.Options.MaxPositions;
        config["clean_up_tokenization_spaces"] = false;
        config["model_input_names"] = new JsonArray("input_ids", "attention_mask");
        return config;
    }

    /// <summary>Padding's embedding is zero there: who starts from it starts from no embedding.</summary>
    private static int Start(ModelOptions options) => options.ZeroStart ? Vocabulary.Pad : Vocabulary.EndOfSentence;
}
