namespace TransformerClinic.Pages.Elements;

/// <summary>A sentence with what there is to say of it, line below line.</summary>
/// <param name="Lines">The lines.</param>
public sealed record SampleView(IReadOnlyList<SampleLine> Lines);

/// <summary>A line of a sample.</summary>
/// <param name="Name">What it is.</param>
/// <param name="Text">Its words.</param>
/// <param name="Language">The language tag of the words; empty if it is not known.</param>
/// <param name="IsTranslation">Whether it is the translation that the sample is about.</param>
public sealed record SampleLine(string Name, string Text, string Language = "", bool IsTranslation = false);
