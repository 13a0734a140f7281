using System.Text.Json.Serialization;

namespace TransformerClinic.Web.Texts;

/// <summary>What of a text is translated as one sentence.</summary>
[JsonConverter(typeof(JsonStringEnumConverter<TextSplit>))]
internal enum TextSplit
{
    /// <summary>Each sentence.</summary>
    [JsonStringEnumMemberName("sentences")]
    Sentences,

    /// <summary>Each sentence; the end of a line ends one, too.</summary>
    [JsonStringEnumMemberName("line-sentences")]
    LineSentences,

    /// <summary>Each line, as <c>clinic translate</c> does it.</summary>
    [JsonStringEnumMemberName("lines")]
    Lines,

    /// <summary>The whole text.</summary>
    [JsonStringEnumMemberName("none")]
    None,
}
