using System.Runtime.InteropServices;
using TransformerClinic.Cli.Options;
using TransformerClinic.Common;
using TransformerClinic.Distribution;
using TransformerClinic.Text;

namespace TransformerClinic.Cli;

/// <summary>The one place where exceptions become a message and an exit code.</summary>
internal static class Failures
{
    private const int NoSpaceLeft = 28;
    private const int BrokenPipe = 32;
    private const int DiskFullOnWindows = unchecked((int)0x80070070);

    /// <summary>
    /// Runs an action and turns what it throws into a message on <paramref name="error"/> and an exit code.
    /// </summary>
    public static int Guard(Func<int> action, TextWriter error)
    {
        try
        {
            return action();
        }
        catch (UserErrorException mistake)
        {
            return Tell(error, MessageOptions.Named(mistake), ExitCode.Mistake);
        }
        catch (ProcessGroupException apart)
        {
            return Tell(error, apart.Message, ExitCode.Failure);
        }
        catch (OperationCanceledException)
        {
            return Tell(error, "Stopped.", ExitCode.Interrupted);
        }
        catch (IOException gone) when (IsReaderGone(gone))
        {
            return ExitCode.ReaderGone; // silently, like other programs in a pipeline
        }
        catch (IOException full) when (IsDiskFull(full))
        {
            return Tell(
                error,
                $"The disk is full ({full.Message}). Everything that was completely written is intact; free some "
                    + "space and run the same command again.",
                ExitCode.Failure
            );
        }
        catch (Exception denied) when (IsDenied(denied) || IsReadOnly(denied))
        {
            return Tell(error, $"{denied.Message} Choose a writable folder.", ExitCode.Mistake);
        }
        catch (IOException failed)
        {
            return Tell(error, failed.Message, ExitCode.Failure);
        }
#pragma warning disable CA1031 // The last resort: a defect is reported with its trace and its own exit code.
        catch (Exception defect)
#pragma warning restore CA1031
        {
            return Tell(
                error,
                $"This is a defect in clinic; please report it with these lines.\n{defect}",
                ExitCode.Failure
            );
        }
    }

    private static int Tell(TextWriter error, string message, int code)
    {
        error.WriteLine($"clinic: {ProcessesTogether.Speaker()}{VisibleText.OnTerminal(message)}");
        return code;
    }

    private static bool IsReaderGone(IOException exception) =>
        !OperatingSystem.IsWindows() && exception.HResult == BrokenPipe;

    private static bool IsDiskFull(IOException exception) =>
        (exception.HResult & 0xFFFF) == NoSpaceLeft
        || exception.HResult == DiskFullOnWindows
        || (
            !RuntimeInformation.IsOSPlatform(OSPlatform.Windows)
            && exception.Message.StartsWith("No space left", StringComparison.Ordinal)
        );

    /// <summary>
    /// Moving and removing a folder throws another exception than a file does where access is denied.
    /// </summary>
    private static bool IsDenied(Exception exception) =>
        exception is UnauthorizedAccessException
        || (exception is IOException && exception.Message.StartsWith("Access to the path", StringComparison.Ordinal));

    private static bool IsReadOnly(Exception exception) =>
        exception is IOException && exception.Message.StartsWith("Read-only file system", StringComparison.Ordinal);
}
