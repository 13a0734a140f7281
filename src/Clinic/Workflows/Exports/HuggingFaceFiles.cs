using TransformerClinic.Files;
using TransformerClinic.Interop.HuggingFace;
using TransformerClinic.Model;
using TransformerClinic.Runs;
using TransformerClinic.Text;

namespace TransformerClinic.Workflows.Exports;

/// <summary>The JSON files that make a folder one that Hugging Face's libraries open.</summary>
internal static class HuggingFaceFiles
{
    private const string Config = "config.json";
    private const string Generation = "generation_config.json";
    private const string Tokenizer = "tokenizer.json";
    private const string TokenizerConfig = "tokenizer_config.json";
    private const string SpecialTokens = "special_tokens_map.json";

    /// <summary>Their names.</summary>
    public static readonly IReadOnlyList<string> All = [Config, Generation, Tokenizer, TokenizerConfig, SpecialTokens];

    /// <summary>Writes them.</summary>
    public static void Write(
        string folder,
        ModelConfig config,
        BytePairModel subwords,
        Transformer model,
        HuggingFaceClass @class
    )
    {
        void Put(string name, object content) => Json.Write(Path.Combine(folder, name), content);
        Put(Config, HuggingFaceConfig.Model(model, @class, config.SourceLanguage, config.TargetLanguage));
        Put(Generation, HuggingFaceConfig.Generation(model, config.Decoding.Beam, config.Decoding.LengthPenalty));
        Put(Tokenizer, TokenizerFile.Of(subwords));
        Put(TokenizerConfig, HuggingFaceConfig.Tokenizer(model, subwords));
        Put(SpecialTokens, HuggingFaceConfig.SpecialTokens(subwords));
    }
}
