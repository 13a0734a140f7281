namespace TransformerClinic.Web.Runs;

/// <summary>What has changed in a log.</summary>
/// <param name="BackTo">
/// The place after the last line that is still there, if lines that were read before are not: a rollback or a run that
/// resumes took them away, or the log is another file. Null if all are.
/// </param>
/// <param name="Lines">The lines after that.</param>
internal sealed record LogNews(LogPosition? BackTo, IReadOnlyList<LogLine> Lines)
{
    /// <summary>Nothing has changed.</summary>
    public static LogNews None { get; } = new(null, []);

    /// <summary>Whether nothing has changed.</summary>
    public bool IsEmpty => BackTo is null && Lines.Count == 0;
}

/// <summary>A line of a log.</summary>
/// <param name="Text">The line, without its end.</param>
/// <param name="End">The place after it.</param>
internal sealed record LogLine(string Text, LogPosition End);
