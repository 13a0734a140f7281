namespace TransformerClinic.Data.Exchange;

/// <summary>A text of a unit.</summary>
/// <param name="Language">Its language as the file names it; empty if it does not.</param>
/// <param name="Text">What is to be read, without tags.</param>
/// <param name="Tags">How many inline tags were left out of it.</param>
internal readonly record struct UnitText(string Language, string Text, int Tags);

/// <summary>What says the same in several languages.</summary>
/// <param name="Line">The line of the file where it begins, from 1.</param>
/// <param name="SourceLanguage">The language that the file calls the source; empty if it does not.</param>
/// <param name="Texts">The texts, in the file's order.</param>
internal sealed record TranslationUnit(int Line, string SourceLanguage, IReadOnlyList<UnitText> Texts)
{
    /// <summary>Why it is not a pair, whatever its languages; null if it may be one.</summary>
    public string? WhyNot { get; init; }
}
