using System.Text.Json.Serialization;

namespace TransformerClinic.Web.Api.OpusCat;

/// <summary>
/// A translation as OPUS-CAT's clients read it: the text under both its names, and the words of both sides with which
/// of them belong together, by which the clients put tags back. Each word has the mark U+2581 that SentencePiece
/// puts where a space was; the clients turn it back into the space.
/// </summary>
internal sealed record OpusCatPair
{
    /// <summary>The translation, as the first version of the interface named it.</summary>
    [JsonPropertyName("translation")]
    public required string Text { get; init; }

    /// <summary>The same.</summary>
    public string Translation => Text;

    /// <summary>The source's words.</summary>
    public IReadOnlyList<string> SegmentedSourceSentence { get; init; } = [];

    /// <summary>The translation's words.</summary>
    public IReadOnlyList<string> SegmentedTranslation { get; init; } = [];

    /// <summary>For each source word the translation's words that belong to it.</summary>
    public IReadOnlyDictionary<int, IReadOnlyList<int>> SegmentedAlignmentSourceToTarget { get; init; } =
        new Dictionary<int, IReadOnlyList<int>>();

    /// <summary>The other way round.</summary>
    public IReadOnlyDictionary<int, IReadOnlyList<int>> SegmentedAlignmentTargetToSource { get; init; } =
        new Dictionary<int, IReadOnlyList<int>>();

    /// <summary>The same as <c>source-target</c> pairs, separated by spaces.</summary>
    public string AlignmentString { get; init; } = "";

    /// <summary>The translation before rules changed it; no rule does.</summary>
    public string RawTranslation => Text;

    /// <summary>How words are marked: 1 is SentencePiece's way.</summary>
    public int Segmentation { get; init; } = 1;

    /// <summary>Whether a rule changed the translation.</summary>
    public bool AutoEditedTranslation { get; init; }
}
