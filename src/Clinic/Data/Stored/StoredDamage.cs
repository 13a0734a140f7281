using TransformerClinic.Common;
using TransformerClinic.Files;

namespace TransformerClinic.Data.Stored;

/// <summary>What is said of a stored set that is not as it was written.</summary>
internal static class StoredDamage
{
    /// <summary>The error for a file.</summary>
    /// <param name="path">The file.</param>
    /// <param name="what">What is wrong with it.</param>
    public static UserErrorException Of(string path, string what) =>
        new(
            $"{path}: this file of a stored training set is damaged: {what}. Remove the folder "
                + $"{Path.GetDirectoryName(path)} and prepare the text again."
        );

    /// <summary>Checks that a file is there and has the size that was written.</summary>
    /// <exception cref="UserErrorException">It is missing or has another size.</exception>
    public static void CheckSize(string path, long size)
    {
        var file = new FileInfo(path);
        if (!file.Exists)
        {
            throw Of(path, "it is missing");
        }

        if (file.Length != size)
        {
            throw Of(path, FormattableString.Invariant($"it has {file.Length} bytes, and {size} were written"));
        }
    }

    /// <summary>Checks that a file holds what was written.</summary>
    /// <exception cref="UserErrorException">It is missing or its hash differs.</exception>
    public static void CheckHash(string path, string hash)
    {
        if (!File.Exists(path))
        {
            throw Of(path, "it is missing");
        }

        if (ContentHash.OfFile(path) != hash)
        {
            throw Of(path, "it is not what was written (its hash differs)");
        }
    }
}
