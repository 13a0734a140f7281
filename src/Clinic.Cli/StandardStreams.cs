using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;
using TransformerClinic.Common;
using TransformerClinic.Files;

namespace TransformerClinic.Cli;

/// <summary>
/// Standard input, output and error as the parent process left them. A stream that was closed is not just missing: the
/// next file that this process opens would get its number and receive what is written to it.
/// </summary>
internal static partial class StandardStreams
{
    private const int Input = 0;
    private const int Output = 1;
    private const int Error = 2;

    private const int GetFlags = 1; // F_GETFD
    private const int ClosedOnExec = 1; // FD_CLOEXEC

    /// <summary>
    /// Takes care of streams that are closed, and makes <see cref="Console.Out"/> notice when its reader goes away.
    /// </summary>
    /// <returns>What is wrong, in words; null if the command can proceed.</returns>
    public static string? Prepare()
    {
        if (ProcessesTogether.AreLaunched)
        {
            // Open MPI gives its processes a terminal, to which .NET would send codes for the keyboard before results.
            Environment.SetEnvironmentVariable("TERM", "dumb");
        }

        if (IsClosed(Error))
        {
            Console.SetError(TextWriter.Null);
        }

        if (IsClosed(Output))
        {
            return "standard output is closed, so results have nowhere to go. Redirect it to a file, or to /dev/null "
                + "if you do not need it.";
        }

        if (Pipe(Output) is { } pipe)
        {
            Console.SetOut(new StreamWriter(pipe) { AutoFlush = true, NewLine = Console.Out.NewLine });
        }

        return null;
    }

    /// <summary>Standard input.</summary>
    /// <exception cref="UserErrorException">It is closed, or it is a folder.</exception>
    public static Stream OpenInput() =>
        IsClosed(Input)
            ? throw new UserErrorException(
                "standard input is closed: there is nothing to read. "
                    + "Name a file with --input, or send text to standard input."
            )
        : Directory.Exists("/dev/stdin")
            ? throw new UserErrorException("standard input is a folder, but text is needed.")
        : Console.OpenStandardInput();

    /// <summary>
    /// Standard output for incremental writing: a write ends when its reader is gone, or when it is told to stop.
    /// </summary>
    /// <param name="stop">Ends the wait for a reader that does not read.</param>
    public static Stream OpenOutput(CancellationToken stop) =>
        new InterruptibleStream(Pipe(Output) ?? Console.OpenStandardOutput(), stop);

    /// <summary>
    /// Whether a stream was closed when this process started: its number is free, or the runtime has taken it for one
    /// of its own files.
    /// </summary>
    private static bool IsClosed(int descriptor) =>
        !OperatingSystem.IsWindows()
        && Flags(descriptor, GetFlags) is var flags
        && (flags < 0 || (flags & ClosedOnExec) != 0);

    /// <summary>
    /// The stream itself if it is a pipe or a socket: .NET's own console streams do not report that the reader is gone.
    /// Null for files, whose position other programs share, and for terminals.
    /// </summary>
    private static FileStream? Pipe(int descriptor)
    {
        if (OperatingSystem.IsWindows() || !Console.IsOutputRedirected)
        {
            return null;
        }

        var stream = new FileStream(new SafeFileHandle(descriptor, ownsHandle: false), FileAccess.Write, bufferSize: 0);
        return stream.CanSeek ? null : stream;
    }

    [LibraryImport("libc", EntryPoint = "fcntl")]
    private static partial int Flags(int descriptor, int command);
}
