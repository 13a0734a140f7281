namespace TransformerClinic.Cli;

/// <summary>How the command ends.</summary>
internal static class ExitCode
{
    /// <summary>Done.</summary>
    public const int Done = 0;

    /// <summary>Our failure, or something ran out (disk, memory).</summary>
    public const int Failure = 1;

    /// <summary>The user's mistake.</summary>
    public const int Mistake = 2;

    /// <summary>Stopped by Ctrl-C or SIGTERM, as shells number it; the same command goes on from there.</summary>
    public const int Interrupted = 130;

    /// <summary>
    /// Whoever read the output closed it, as <c>head</c> does; what shells give a program that SIGPIPE ended.
    /// </summary>
    public const int ReaderGone = 141;
}
