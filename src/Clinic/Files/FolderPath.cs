using TransformerClinic.Common;

namespace TransformerClinic.Files;

/// <summary>Folders that the user named.</summary>
internal static class FolderPath
{
    /// <summary>Makes a folder with those above it.</summary>
    /// <exception cref="UserErrorException">A file is in the way.</exception>
    public static void Create(string path)
    {
        RefuseFiles(path, path);
        Directory.CreateDirectory(path);
    }

    /// <summary>Checks that neither a path nor one above it is a file.</summary>
    /// <param name="folder">The path that is to be a folder.</param>
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
                        ? $"{path}: this is a file; a folder is needed. Name another."
                        : $"{path}: {place} is a file, so there can be nothing in it. Name another place."
                );
            }
        }
    }
}
