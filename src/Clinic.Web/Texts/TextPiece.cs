namespace TransformerClinic.Web.Texts;

/// <summary>A stretch of a text: a sentence, or what is between two sentences and stays as it is.</summary>
/// <param name="Text">The stretch.</param>
/// <param name="IsSentence">Whether it is translated.</param>
internal readonly record struct TextPiece(string Text, bool IsSentence);
