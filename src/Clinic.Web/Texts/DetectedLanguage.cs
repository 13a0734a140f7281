namespace TransformerClinic.Web.Texts;

/// <summary>The language that a text seems to be in.</summary>
/// <param name="Code">One of the served source languages.</param>
/// <param name="Confidence">
/// From 0 to 1; 0 if nothing was measured, because only one language is read here.
/// </param>
internal readonly record struct DetectedLanguage(string Code, double Confidence);
