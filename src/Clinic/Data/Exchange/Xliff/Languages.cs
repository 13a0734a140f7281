namespace TransformerClinic.Data.Exchange.Xliff;

/// <summary>The languages of a file.</summary>
/// <param name="Source">Of its sources; empty if it does not say.</param>
/// <param name="Target">Of its translations; empty if it does not say, as files of Translate Toolkit do not.</param>
internal sealed record Languages(string Source, string Target)
{
    /// <summary>A unit of a text and its translation.</summary>
    /// <param name="line">Where it begins.</param>
    /// <param name="source">The text and its tags.</param>
    /// <param name="target">The translation and its tags.</param>
    /// <param name="whyNot">Why it is not a pair; null if it may be one.</param>
    public TranslationUnit Unit(
        int line,
        (string Text, int Tags) source,
        (string Text, int Tags) target,
        string? whyNot
    ) =>
        new(
            line,
            Source,
            [new UnitText(Source, source.Text, source.Tags), new UnitText(Target, target.Text, target.Tags)]
        )
        {
            WhyNot = whyNot ?? (string.IsNullOrWhiteSpace(target.Text) ? NotTranslated : null),
        };

    private const string NotTranslated = "not translated";
}
