using TransformerClinic.Common;
using TransformerClinic.Interop.Fairseq;
using TransformerClinic.Interop.Pickle;
using TransformerClinic.Model;
using TransformerClinic.Residuals;

namespace TransformerClinic.Tests.Interop.Fairseq;

public class FairseqOptionsTests
{
    private const string Path = "x.pt";

    [Theory]
    [InlineData("transformer", 512, 2048, 8, 6, 0.1, 0.0)]
    [InlineData("transformer_wmt_en_de", 512, 2048, 8, 6, 0.1, 0.0)]
    [InlineData("transformer_iwslt_de_en", 512, 1024, 4, 6, 0.1, 0.0)]
    [InlineData("transformer_vaswani_wmt_en_de_big", 1024, 4096, 16, 6, 0.3, 0.0)]
    [InlineData("transformer_vaswani_wmt_en_fr_big", 1024, 4096, 16, 6, 0.1, 0.0)]
    [InlineData("transformer_wmt_en_de_big", 1024, 4096, 16, 6, 0.3, 0.1)]
    [InlineData("transformer_tiny", 64, 64, 2, 2, 0.1, 0.0)]
    public void A_named_architecture_says_what_the_checkpoint_does_not(
        string name,
        int dim,
        int feedForward,
        int heads,
        int layers,
        double dropout,
        double attentionDropout
    )
    {
        var model = Read(("arch", name)).Model;

        Assert.Equal((dim, feedForward, heads), (model.Dim, model.FeedForwardDim, model.Heads));
        Assert.Equal((layers, layers), (model.Encoder.Layers, model.Decoder.Layers));
        Assert.Equal(
            (dropout, attentionDropout, 0.0),
            (model.Dropout, model.AttentionDropout, model.ActivationDropout)
        );
        Assert.Equal(ResidualVariant.PostLn, model.Encoder.Variant);
        Assert.Equal(EmbeddingSharing.None, model.SharedEmbeddings);
        Assert.Equal(1024, model.MaxPositions);
    }

    [Fact]
    public void The_architecture_of_tensor2tensor_normalizes_before_the_branch()
    {
        var model = Read(("arch", "transformer_wmt_en_de_big_t2t")).Model;

        Assert.Equal((ResidualVariant.PreLn, ResidualVariant.PreLn), (model.Encoder.Variant, model.Decoder.Variant));
        Assert.Equal(0.1, model.ActivationDropout);
    }

    [Fact]
    public void What_the_checkpoint_says_counts()
    {
        var options = Read(
            ("arch", "transformer_iwslt_de_en"),
            ("encoder_layers", 18L),
            ("decoder_layers", 12L),
            ("encoder_embed_dim", 256L),
            ("decoder_embed_dim", 256L),
            ("activation_fn", "gelu"),
            ("relu_dropout", 0.2),
            ("share_decoder_input_output_embed", true),
            ("max_target_positions", 300L),
            ("max_source_positions", 200L),
            ("source_lang", "de"),
            ("lr", new List<object?> { 0.0005 }),
            ("seed", 1L)
        );

        Assert.Equal((18, 12, 256), (options.Model.Encoder.Layers, options.Model.Decoder.Layers, options.Model.Dim));
        Assert.Equal((Activation.Gelu, 0.2), (options.Model.Activation, options.Model.ActivationDropout));
        Assert.Equal((EmbeddingSharing.Decoder, 300), (options.Model.SharedEmbeddings, options.Model.MaxPositions));
        Assert.Equal(("de", (string?)null), (options.SourceLanguage, options.TargetLanguage));
        Assert.Equal(["lr", "seed"], options.Ignored);
    }

    [Theory]
    [InlineData("default", ResidualVariant.PostLn)]
    [InlineData("adaptive", ResidualVariant.Admin)]
    [InlineData("adaptive-profiling", ResidualVariant.Admin)]
    [InlineData("rezero", ResidualVariant.Rezero)]
    [InlineData("rezero_postln", ResidualVariant.RezeroPostLn)]
    [InlineData("looklinear", ResidualVariant.LookLinear)]
    [InlineData("deepnet", ResidualVariant.DeepNorm)]
    public void Each_init_type_is_a_variant(string initType, ResidualVariant variant)
    {
        var model = Read(("init_type", initType)).Model;

        Assert.Equal((variant, variant), (model.Encoder.Variant, model.Decoder.Variant));
        // The reference trains every omega.
        Assert.Equal(
            variant == ResidualVariant.Admin ? FirstOmega.Trainable : FirstOmega.Frozen,
            model.Encoder.FirstOmega
        );
    }

    [Fact]
    public void One_stack_may_normalize_before_the_branch()
    {
        var model = Read(("init_type", "default"), ("decoder_normalize_before", true)).Model;

        Assert.Equal((ResidualVariant.PostLn, ResidualVariant.PreLn), (model.Encoder.Variant, model.Decoder.Variant));
        Assert.Contains(
            "init_type 'adaptive' and decoder_normalize_before",
            Mistake(("init_type", "adaptive"), ("decoder_normalize_before", true)),
            StringComparison.Ordinal
        );
    }

    [Theory]
    [InlineData("encoder_learned_pos", true)]
    [InlineData("layernorm_embedding", true)]
    [InlineData("no_scale_embedding", true)]
    [InlineData("no_token_positional_embeddings", true)]
    [InlineData("cross_self_attention", true)]
    [InlineData("no_cross_attention", true)]
    [InlineData("layer_wise_attention", true)]
    [InlineData("merge_src_tgt_embed", true)]
    [InlineData("quant_noise_scalar", 0.5)]
    [InlineData("adaptive_softmax_cutoff", "10000,20000")]
    [InlineData("decoder_layers_to_keep", "0,2")]
    [InlineData("task", "translation_moe")]
    public void An_option_that_our_models_do_not_have_is_refused_by_name(string name, object value)
    {
        Assert.Contains($"with '{name}' = ", Mistake((name, value)), StringComparison.Ordinal);
        Assert.NotNull(Read((name, null)));
    }

    [Fact]
    public void Options_that_are_not_known_are_refused_by_name_unless_they_are_waived()
    {
        (string, object?)[] options = [("relative_attention", true), ("gate", "top"), ("off", null)];

        Assert.Contains("'gate' ('top'), 'relative_attention' (True)", Mistake(options), StringComparison.Ordinal);
        Assert.DoesNotContain("'off'", Mistake(options), StringComparison.Ordinal);
        Assert.Equal(["gate", "relative_attention"], Read(["gate", "relative_attention"], options).Waived);
    }

    [Fact]
    public void An_architecture_that_is_not_known_is_refused_unless_it_is_waived()
    {
        Assert.Contains("architecture 'lstm' is not one of", Mistake(("arch", "lstm")), StringComparison.Ordinal);
        Assert.Equal(512, Read(["arch"], ("arch", "transformer_of_mine")).Model.Dim);
    }

    [Theory]
    [InlineData("decoder_embed_dim", 256L, "encoder_embed_dim is 512 and its decoder_embed_dim 256")]
    [InlineData("decoder_output_dim", 256L, "encoder_embed_dim is 512 and its decoder_output_dim 256")]
    [InlineData("decoder_attention_heads", 4L, "encoder_attention_heads is 8 and its decoder_attention_heads 4")]
    [InlineData("encoder_layers", "many", "'encoder_layers' is 'many', where a whole number is needed")]
    [InlineData("encoder_layers", 2.5, "'encoder_layers' is 2.5, where a whole number is needed")]
    [InlineData("dropout", true, "'dropout' is True, where a number is needed")]
    [InlineData("share_all_embeddings", "yes", "where true or false is needed")]
    [InlineData("activation_fn", "tanh", "activation_fn is 'tanh'; our models have relu and gelu")]
    [InlineData("init_type", "magic", "init_type 'magic' is not known")]
    public void A_value_that_does_not_fit_is_refused(string name, object value, string reason) =>
        Assert.Contains(reason, Mistake((name, value)), StringComparison.Ordinal);

    [Fact]
    public void Options_are_read_from_a_cfg_of_omegaconf_too()
    {
        var content = Dictionary(
            (
                "cfg",
                Config(
                    (
                        "model",
                        Config(
                            ("_name", Node("transformer_iwslt_de_en")),
                            ("encoder", Config(("layers", Node(3L)), ("normalize_before", Node(true)))),
                            ("decoder", Config(("layers", Node(2L)), ("normalize_before", Node(true)))),
                            ("quant_noise", Config(("pq", Node(0.0)), ("pq_block_size", Node(8L)))),
                            ("activation_fn", Node(Enumeration("gelu")))
                        )
                    ),
                    ("task", Config(("_name", Node("translation")), ("source_lang", Node("de"))))
                )
            )
        );
        var options = FairseqOptions.Read(Path, new FairseqArguments(Path, content), []);

        Assert.Equal((3, 2), (options.Model.Encoder.Layers, options.Model.Decoder.Layers));
        Assert.Equal((ResidualVariant.PreLn, 1024), (options.Model.Encoder.Variant, options.Model.FeedForwardDim));
        Assert.Equal((Activation.Gelu, "de"), (options.Model.Activation, options.SourceLanguage));
    }

    [Fact]
    public void A_file_without_options_is_refused() =>
        Assert.Contains(
            "neither 'args' nor 'cfg'",
            Assert.Throws<UserErrorException>(() => new FairseqArguments(Path, new PickleDictionary())).Message,
            StringComparison.Ordinal
        );

    private static PickleCall Config(params (string, object?)[] entries) =>
        new(new PickleName("omegaconf.dictconfig", "DictConfig"), [])
        {
            State = Dictionary(("_metadata", null), ("_content", Dictionary(entries))),
        };

    private static PickleCall Node(object? value) =>
        new(new PickleName("omegaconf.nodes", "AnyNode"), []) { State = Dictionary(("_val", value)) };

    private static PickleCall Enumeration(string value) => new(new PickleName("fairseq.dataclass", "Choices"), [value]);

    private static PickleDictionary Dictionary(params (string, object?)[] entries)
    {
        var dictionary = new PickleDictionary();
        dictionary.Entries.AddRange(entries.Select(entry => ((object?)entry.Item1, entry.Item2)));
        return dictionary;
    }

    private static string Mistake(params (string, object?)[] options) =>
        Assert.Throws<UserErrorException>(() => Read(options)).Message;

    private static FairseqOptions Read(params (string, object?)[] options) => Read([], options);

    private static FairseqOptions Read(string[] waived, params (string, object?)[] options) =>
        FairseqOptions.Read(
            Path,
            new FairseqArguments(
                Path,
                Dictionary(
                    (
                        "args",
                        new PickleCall(new PickleName("argparse", "Namespace"), []) { State = Dictionary(options) }
                    )
                )
            ),
            waived
        );
}
