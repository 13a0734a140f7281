namespace TransformerClinic.Tests.Workflows;

/// <summary>The tiny recipe and its run, which is trained once for all tests that only read it or copy it.</summary>
public sealed class TrainedTinyRecipe : IDisposable
{
    private readonly TinyRecipe _tiny = new();
    private readonly Lazy<IReadOnlyList<string>> _left;

    public TrainedTinyRecipe() => _left = new(() => _tiny.Run(_tiny.Recipe, "whole").Left);

    /// <summary>The recipe, with its text.</summary>
    internal TinyRecipe Tiny => _tiny;

    /// <summary>What the run left.</summary>
    internal IReadOnlyList<string> Left => _left.Value;

    /// <summary>Copies the run folder.</summary>
    internal void CopyTo(string folder)
    {
        _ = Left;
        FolderCopy.Make(_tiny.PathOf("whole"), folder);
    }

    public void Dispose() => _tiny.Dispose();
}
