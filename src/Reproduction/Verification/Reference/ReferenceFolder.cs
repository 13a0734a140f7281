using TransformerClinic.Common;
using TransformerClinic.Files;

namespace TransformerClinic.Reproduction.Verification.Reference;

/// <summary>
/// A folder of reference data: <c>model/</c>, <c>optim/</c>, <c>decode/</c>, <c>metrics/</c>, <c>analysis/</c>,
/// <c>data/</c>, <c>admin_torch.json</c>, <c>anchors.json</c>, each of which may be missing. Names in it are separated
/// by slashes.
/// </summary>
public sealed class ReferenceFolder
{
    /// <summary>The sections with something to compare.</summary>
    private static readonly string[] Comparable =
    [
        "model",
        "optim",
        "decode",
        "metrics",
        "analysis",
        "admin_torch.json",
    ];

    /// <summary>A folder of reference data.</summary>
    /// <exception cref="UserErrorException">
    /// There is no such folder, or it contains nothing to compare.
    /// </exception>
    public ReferenceFolder(string path)
    {
        if (!Directory.Exists(path))
        {
            throw new UserErrorException(
                File.Exists(path)
                    ? $"{path}: this is a file, but the folder that contains model/, decode/ and so on is needed."
                    : $"{path}: there is no such folder."
            );
        }

        Path = path;
        if (!Comparable.Any(Has))
        {
            throw new UserErrorException(
                $"{path}: there is nothing to compare in this folder: it has none of {string.Join(", ", Comparable)}."
            );
        }
    }

    /// <summary>The folder's path.</summary>
    public string Path { get; }

    /// <summary>Whether a file or folder exists.</summary>
    internal bool Has(string name) => System.IO.Path.Exists(PathOf(name));

    /// <summary>The full path of a name, which may contain <c>..</c>.</summary>
    internal string PathOf(string name) =>
        System.IO.Path.GetFullPath(System.IO.Path.Combine([Path, .. name.Split('/')]));

    /// <summary>Opens a file of tensors.</summary>
    /// <exception cref="UserErrorException">The file is missing or damaged.</exception>
    internal ReferenceTensors Open(string name) => new(PathOf(name));

    /// <summary>Reads a JSON file.</summary>
    /// <exception cref="UserErrorException">The file is missing or damaged.</exception>
    internal T Read<T>(string name) => Json.ReadForeign<T>(PathOf(name));
}
