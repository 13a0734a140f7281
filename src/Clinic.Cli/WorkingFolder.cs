namespace TransformerClinic.Cli;

/// <summary>
/// The folder that the command was started in. Where it has been removed no path means anything, and native libraries
/// end the process.
/// </summary>
internal static class WorkingFolder
{
    /// <summary>Whether it is still there; if not, a message says so.</summary>
    public static bool Exists(TextWriter error)
    {
        try
        {
            return Directory.GetCurrentDirectory().Length > 0;
        }
        catch (IOException)
        {
            error.WriteLine(
                "clinic: The folder that this command was started in is not there any more. "
                    + "Change to one that is, such as with: cd ~"
            );
            return false;
        }
    }
}
