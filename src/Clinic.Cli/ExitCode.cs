namespace TransformerClinic.Cli;

/// <summary>How the command ends.</summary>
internal static class ExitCode
{
    /// <summary>Done.</summary>
    public const int Done = 0;

    /// <summary>Our failure, or a resource ran out (disk, memory).</summary>
    public const int Failure = 1;

    /// <summary>The user's mistake.</summary>
    public const int Mistake = 2;

    /// <summary>Stopped by Ctrl-C or SIGTERM, numbered as shells do; the same command resumes from there.</summary>
    public const int Interrupted = 130;

    /// <summary>
    /// The reader of the output closed it, as <c>head</c> does; shells give this code to a program ended by SIGPIPE.
    /// </summary>
    public const int ReaderGone = 141;
}
