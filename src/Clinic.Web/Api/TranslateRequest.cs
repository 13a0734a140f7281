using TransformerClinic.Web.Texts;

namespace TransformerClinic.Web.Api;

/// <summary>What <c>POST /v1/translate</c> takes.</summary>
/// <param name="Text">A text or an array of texts.</param>
internal sealed record TranslateRequest(TextOrTexts Text)
{
    /// <summary>The model's name; without it the first that fits the languages.</summary>
    public string? Model { get; init; }

    /// <summary>The language of the text.</summary>
    public string? Source { get; init; }

    /// <summary>The language to translate into.</summary>
    public string? Target { get; init; }

    /// <summary>What of a text is translated as one sentence.</summary>
    public TextSplit Split { get; init; }

    /// <summary>Hypotheses that the search keeps; more are slower. Without it the model's.</summary>
    public int? Beam { get; init; }

    /// <summary>Power of the length that a score is divided by; more makes longer translations. Without it the
    /// model's.</summary>
    public double? LengthPenalty { get; init; }

    /// <summary>No run of this many subwords occurs twice. Without it the model's.</summary>
    public int? NoRepeatNgram { get; init; }

    /// <summary>How many translations of each sentence are in the answer, the best included.</summary>
    public int Alternatives { get; init; } = 1;

    /// <summary>Whether the answer says how probable each subword of a translation is.</summary>
    public bool Scores { get; init; }

    /// <summary>Whether the answer says which words belong together.</summary>
    public bool Alignment { get; init; }

    /// <summary>Words and phrases that every sentence's translation must contain.</summary>
    public IReadOnlyList<string>? Require { get; init; }

    /// <summary>Words and phrases that no translation may contain.</summary>
    public IReadOnlyList<string>? Ban { get; init; }
}
