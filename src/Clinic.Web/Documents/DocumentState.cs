using System.Text.Json.Serialization;

namespace TransformerClinic.Web.Documents;

/// <summary>Where a document is.</summary>
[JsonConverter(typeof(JsonStringEnumConverter<DocumentState>))]
internal enum DocumentState
{
    /// <summary>It waits for others.</summary>
    [JsonStringEnumMemberName("queued")]
    Queued,

    /// <summary>It is being translated.</summary>
    [JsonStringEnumMemberName("translating")]
    Translating,

    /// <summary>Its translation is there.</summary>
    [JsonStringEnumMemberName("done")]
    Done,

    /// <summary>It could not be translated.</summary>
    [JsonStringEnumMemberName("failed")]
    Failed,
}
