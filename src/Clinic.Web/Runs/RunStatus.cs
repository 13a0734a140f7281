using System.Text.Json.Serialization;

namespace TransformerClinic.Web.Runs;

/// <summary>How a run stands.</summary>
[JsonConverter(typeof(JsonStringEnumConverter<RunStatus>))]
internal enum RunStatus
{
    /// <summary>A process works in its folder.</summary>
    [JsonStringEnumMemberName("working")]
    Working,

    /// <summary>It ended, and its results are those of its last update.</summary>
    [JsonStringEnumMemberName("ended")]
    Ended,

    /// <summary>No process works in its folder, and its end was not reached: it can be resumed.</summary>
    [JsonStringEnumMemberName("stopped")]
    Stopped,
}
