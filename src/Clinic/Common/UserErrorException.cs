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
}
