using System.Diagnostics;

namespace TransformerClinic.Tests.Shared;

/// <summary>Named pipes in folders, which only Unix has.</summary>
internal static class NamedPipe
{
    /// <summary>Makes one and gives its path.</summary>
    public static string Make(string path)
    {
        using var make = Process.Start("mkfifo", [path]);
        make.WaitForExit();
        return path;
    }

    /// <summary>Writes to one as soon as somebody reads, and closes it.</summary>
    public static Task Write(string path, string text) => Task.Run(() => File.WriteAllText(path, text));

    /// <summary>Reads one, so that who waits for a reader waits no longer.</summary>
    public static void Release(string path) => File.ReadAllBytes(path);
}
