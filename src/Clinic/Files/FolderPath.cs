using TransformerClinic.Common;

namespace TransformerClinic.Files;

/// <summary>Folders named by the user.</summary>
internal static class FolderPath
{
    /// <summary>Makes a folder and its parents.</summary>
    /// <exception cref="UserErrorException">A file is in the way.</exception>
    public static void Create(string path)
    {
        RefuseFiles(path, path);
        Directory.CreateDirectory(path);
    }

    /// <summary>Checks that neither a path nor any of its parents is a file.</summary>
    /// <param name="folder">The path that should be a folder.</param>
    /// <param name="path">The path as the user knows it.</param>
    /// <exception cref="UserErrorException">One is.</exception>
    public static void RefuseFiles(string folder, string path)
    {
        for (var place = Path.GetFullPath(folder); place is not null; place = Path.GetDirectoryName(place))
        {
            if (File.Exists(place))
            {
                var itself = Path.TrimEndingDirectorySeparator(Path.GetFullPath(path)) == place;
                throw new UserErrorException(
                    itself
                        ? $"{path}: this is a file, but a folder is needed. Name another path."
                        : $"{path}: {place} is a file, so nothing can be in it. Name another path."
                );
            }
        }
    }
}
