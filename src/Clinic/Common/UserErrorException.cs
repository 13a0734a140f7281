namespace TransformerClinic.Common;

/// <summary>
/// A user's mistake: one message that says what is wrong, where, and how to fix it. The command line prints it without
/// a stack trace and ends with exit code 2.
/// </summary>
public sealed class UserErrorException : Exception
{
    /// <summary>An error with its message for the user.</summary>
    public UserErrorException(string message)
        : base(message) { }

    /// <summary>An error with its message for the user and the exception that revealed it.</summary>
    public UserErrorException(string message, Exception inner)
        : base(message, inner) { }

    /// <summary>
    /// The options that the message is about, by their names in the engine: whoever shows the message can add how the
    /// user sets them. Empty if the message says everything.
    /// </summary>
    public IReadOnlyList<string> Options { get; init; } = [];
}
