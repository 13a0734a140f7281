namespace TransformerClinic.Data;

/// <summary>
/// The languages that pairs are to be of. Files of text say nothing of languages; files of translators hold texts of
/// several, of which this chooses two.
/// </summary>
/// <param name="Source">The source's tag, such as <c>de</c>; null if nobody named it.</param>
/// <param name="Target">The target's; the same.</param>
internal sealed record LanguagePair(string? Source, string? Target)
{
    /// <summary>The name of a source language that nobody named.</summary>
    public const string UnnamedSource = "src";

    /// <summary>The name of a target language that nobody named.</summary>
    public const string UnnamedTarget = "tgt";

    /// <summary>Two that nobody named.</summary>
    public static LanguagePair Unnamed { get; } = new(null, null);

    /// <summary>How to name them, in a sentence for who has to.</summary>
    public string Remedy { get; init; } = "Name the two languages: data.sourceLanguage, data.targetLanguage.";

    /// <summary>The languages as a recipe or a model's configuration names them.</summary>
    public static LanguagePair Of(string source, string target) =>
        new(Named(source, UnnamedSource), Named(target, UnnamedTarget));

    private static string? Named(string language, string unnamed) =>
        string.IsNullOrWhiteSpace(language) || language == unnamed ? null : language.Trim();
}
