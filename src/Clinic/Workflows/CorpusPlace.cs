using TransformerClinic.Files;

namespace TransformerClinic.Workflows;

/// <summary>
/// Where a process finds its training set stored, and where it stores it. Of several processes only the first one
/// writes to the run folder: another one reads there if it finds the set, and otherwise stores its own in a temporary
/// folder.
/// </summary>
/// <param name="folder">Where the first process stores the set.</param>
/// <param name="isFirst">Whether this is the first process.</param>
internal sealed class CorpusPlace(string folder, bool isFirst) : IDisposable
{
    private string? _temporary;

    /// <summary>Where the set may be stored already.</summary>
    public string Folder => folder;

    /// <summary>Where this process stores it.</summary>
    public string Store()
    {
        if (isFirst)
        {
            return folder;
        }

        _temporary ??= Directory.CreateTempSubdirectory("clinic-corpus-").FullName;
        return Path.Combine(_temporary, "corpus");
    }

    /// <summary>Removes what is temporary.</summary>
    public void Dispose()
    {
        if (_temporary is not null)
        {
            FailedWrite.Remove(_temporary);
        }
    }
}
