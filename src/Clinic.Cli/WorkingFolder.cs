namespace TransformerClinic.Cli;

/// <summary>
/// The folder in which the command was started. If it has been removed, no path means anything, and native libraries
/// end the process.
/// </summary>
internal static class WorkingFolder
{
    /// <summary>Whether it still exists; if not, a message says so.</summary>
    public static bool Exists(TextWriter error)
    {
        try
        {
            return Directory.GetCurrentDirectory().Length > 0;
        }
        catch (IOException)
        {
            error.WriteLine(
                "clinic: The folder in which this command was started no longer exists. Change to one that does, for "
                    + "example: cd ~"
            );
            return false;
        }
    }
}
