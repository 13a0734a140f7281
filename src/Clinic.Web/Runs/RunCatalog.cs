using TransformerClinic.Common;
using TransformerClinic.Runs;

namespace TransformerClinic.Web.Runs;

/// <summary>
/// The run folders below a folder. A request names one by its id, which is looked up here and is never part of a path.
/// Folders are listed anew for each request, so runs appear and vanish without a restart; links are not followed.
/// </summary>
internal sealed class RunCatalog
{
    /// <summary>How deep runs may be: a comparison has a folder for each of its runs.</summary>
    private const int Depth = 3;

    private readonly string? _root;

    /// <summary>The catalog of a folder.</summary>
    /// <param name="root">The folder; null for no runs.</param>
    /// <exception cref="UserErrorException">There is no such folder.</exception>
    public RunCatalog(string? root)
    {
        if (root is not null && !Directory.Exists(root))
        {
            throw new UserErrorException($"{root}: there is no such folder to show runs from.");
        }

        _root = root is null ? null : Path.GetFullPath(root);
    }

    /// <summary>Whether the service shows runs at all.</summary>
    public bool IsShown => _root is not null;

    /// <summary>The runs in the order of their ids; a folder that is itself a run is the only one.</summary>
    public IReadOnlyList<RunPlace> Runs =>
        _root is null ? []
        : IsRun(_root) ? [new RunPlace(RunPlace.IdOf([Path.GetFileName(_root)]), _root)]
        : [.. Below(_root, []).OrderBy(run => run.Id, StringComparer.Ordinal)];

    /// <summary>The run of an id; null if there is none.</summary>
    public RunPlace? Find(string id) => Runs.FirstOrDefault(run => run.Id == id);

    private static bool IsRun(string folder) => File.Exists(Path.Combine(folder, RunFolder.RecipeName));

    private static IEnumerable<RunPlace> Below(string folder, IReadOnlyList<string> names)
    {
        foreach (var inner in FoldersOf(folder))
        {
            string[] path = [.. names, Path.GetFileName(inner)];
            if (IsRun(inner))
            {
                yield return new RunPlace(RunPlace.IdOf(path), inner);
            }
            else if (path.Length < Depth)
            {
                foreach (var run in Below(inner, path))
                {
                    yield return run;
                }
            }
        }
    }

    private static IEnumerable<string> FoldersOf(string folder)
    {
        try
        {
            return Directory.GetDirectories(folder, "*", RunFile.RealFolders);
        }
        catch (DirectoryNotFoundException)
        {
            return []; // it was removed in the meantime
        }
    }
}
