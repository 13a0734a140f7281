using TransformerClinic.Common;
using TransformerClinic.Recipes;

namespace TransformerClinic.Tests.Recipes;

/// <summary>A recipe in a temporary folder.</summary>
internal sealed class RecipeFile : IDisposable
{
    /// <summary>What every recipe must say; it takes the first three lines.</summary>
    public const string Data = "data:\n  train: train.tsv\n  valid: valid.tsv\n";

    private readonly TemporaryFolder _folder = new();

    public RecipeFile(string text) => Path = _folder.Write("r.yaml", text);

    public string Path { get; }

    public string Folder => _folder.FullName;

    /// <summary>Reads a recipe of the necessary data and these lines.</summary>
    public static Recipe Read(string lines = "", params string[] overrides)
    {
        using var file = new RecipeFile(Data + lines);
        return RecipeReader.Read(file.Path, overrides);
    }

    /// <summary>What a user is told of a recipe of these lines, the folder left out.</summary>
    public static string Error(string text, params string[] overrides)
    {
        using var file = new RecipeFile(text);
        var exception = Assert.Throws<UserErrorException>(() => RecipeReader.Read(file.Path, overrides));
        return exception.Message.Replace(
            file.Folder + System.IO.Path.DirectorySeparatorChar,
            "",
            StringComparison.Ordinal
        );
    }

    public void Dispose() => _folder.Dispose();
}
