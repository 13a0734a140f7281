using System.Runtime.InteropServices;

namespace TransformerClinic.Files;

/// <summary>What is at a path.</summary>
internal enum FileKind
{
    /// <summary>Nothing, or a link to nothing.</summary>
    Missing,

    /// <summary>A file whose bytes are kept.</summary>
    Regular,

    /// <summary>A folder.</summary>
    Folder,

    /// <summary>A pipe, a device or a socket: what is written to it is not stored in it.</summary>
    Special,
}

/// <summary>Finds out what is at a path; .NET has no call for that.</summary>
internal static partial class FileKinds
{
    private const int TypeBits = 0xF000;
    private const int RegularBits = 0x8000;

    // The runtime's own record of stat() has 120 bytes; the mode is its second int. There is room for more, in case it
    // grows.
    private const int StatusBytes = 512;
    private const int ModeOffset = sizeof(int);

    /// <summary>What is at a path, following links.</summary>
    public static FileKind Of(string path) =>
        Directory.Exists(path) ? FileKind.Folder
        : !File.Exists(path) ? FileKind.Missing
        : OperatingSystem.IsWindows() || IsRegular(path) ? FileKind.Regular
        : FileKind.Special;

    private static unsafe bool IsRegular(string path)
    {
        var status = stackalloc byte[StatusBytes];
        return Status(path, status) != 0 || (*(int*)(status + ModeOffset) & TypeBits) == RegularBits;
    }

    [LibraryImport("libSystem.Native", EntryPoint = "SystemNative_Stat", StringMarshalling = StringMarshalling.Utf8)]
    private static unsafe partial int Status(string path, byte* status);
}
