namespace TransformerClinic.Tests.Shared;

/// <summary>A recipe and its text, so small that a whole run takes seconds.</summary>
internal static class TinyRecipeFile
{
    /// <summary>Writes the text and the recipe into a folder.</summary>
    /// <param name="folder">The folder.</param>
    /// <param name="name">The recipe's name, and its file's.</param>
    /// <param name="training">Keys of its training that others set otherwise, with their values.</param>
    /// <returns>The recipe's file.</returns>
    public static string Write(string folder, string name, params string[] training)
    {
        foreach (var (set, pairs) in new[] { ("train", 400), ("valid", 20), ("test", 10) })
        {
            NumberWords.Write(Path.Combine(folder, $"{set}.tsv"), pairs);
        }

        var recipe = Path.Combine(folder, $"{name}.yaml");
        File.WriteAllText(
            recipe,
            $$"""
            name: {{name}}
            data:
              sourceLanguage: de
              targetLanguage: en
              train: train.tsv
              valid: valid.tsv
              test: test.tsv
            subwords:
              merges: 50
            model:
              encoder: { layers: 2, variant: admin }
              decoder: { layers: 2, variant: admin }
              dim: 16
              heads: 2
              feedForwardDim: 32
              dropout: 0.1
            training:
              tokensPerBatch: 200
              keepLast: 3
              average: 2
              logEvery: 1
              schedule: { learningRate: 1e-2, warmUpUpdates: 4 }
              {{string.Join("\n  ", training)}}
            decoding:
              beam: 2

            """
        );
        return recipe;
    }
}
