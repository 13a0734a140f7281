using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;
using TransformerClinic.Common;
using TransformerClinic.Files;

namespace TransformerClinic.Cli;

/// <summary>
/// Standard input, output and error as whoever started the process left them. A stream that was closed is not just
/// missing: the next file that this process opens would bear its number and receive what is written to it.
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
    /// <returns>What is wrong, in words; null if the command can go ahead.</returns>
    public static string? Prepare()
    {
        if (IsClosed(Error))
        {
            Console.SetError(TextWriter.Null);
        }

        if (IsClosed(Output))
        {
            return "standard output is closed, so there is no place for results. "
                + "Send it to a file, or to /dev/null if it is not wanted.";
        }

        if (Pipe(Output) is { } pipe)
        {
            Console.SetOut(new StreamWriter(pipe) { AutoFlush = true, NewLine = Console.Out.NewLine });
        }

        return null;
    }

    /// <summary>Standard input.</summary>
    /// <exception cref="UserErrorException">It is closed, or a folder.</exception>
    public static Stream OpenInput() =>
        IsClosed(Input)
            ? throw new UserErrorException(
                "standard input is closed: there is nothing to read. "
                    + "Name a file with --input, or send text to standard input."
            )
        : Directory.Exists("/dev/stdin") ? throw new UserErrorException("standard input is a folder; text is needed.")
        : Console.OpenStandardInput();

    /// <summary>
    /// Standard output, for what is written bit by bit: a write ends when its reader is gone, or when it is told to
    /// stop.
    /// </summary>
    /// <param name="stop">Ends the waiting for a reader who does not read.</param>
    public static Stream OpenOutput(CancellationToken stop) =>
        new InterruptibleStream(Pipe(Output) ?? Console.OpenStandardOutput(), stop);

    /// <summary>
    /// Whether a stream was closed when this process began: its number is free, or the runtime has taken it for a file
    /// of its own.
    /// </summary>
    private static bool IsClosed(int descriptor) =>
        !OperatingSystem.IsWindows()
        && Flags(descriptor, GetFlags) is var flags
        && (flags < 0 || (flags & ClosedOnExec) != 0);

    /// <summary>
    /// The stream itself if it is a pipe or a socket: .NET's own console streams say nothing when the reader is gone.
    /// Null for files, whose place in the file other programs share, and for terminals.
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
