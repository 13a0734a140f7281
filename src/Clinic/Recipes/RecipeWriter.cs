using System.Text;
using System.Text.Json;
using TransformerClinic.Data;

namespace TransformerClinic.Recipes;

/// <summary>Writes a recipe with every key, so that reading it again gives the same recipe.</summary>
internal static class RecipeWriter
{
    /// <summary>The recipe as YAML.</summary>
    public static string Write(Recipe recipe)
    {
        var text = new StringBuilder();
        string[] open = [];
        foreach (var (path, value) in RecipeSchema.Values(recipe))
        {
            var parts = path.Split('.');
            var sections = parts[..^1];
            var shared = open.Zip(sections).TakeWhile(pair => pair.First == pair.Second).Count();
            for (var depth = shared; depth < sections.Length; depth++)
            {
                text.Append(' ', 2 * depth).Append(sections[depth]).Append(":\n");
            }

            text.Append(' ', 2 * sections.Length).Append(parts[^1]).Append(": ").Append(Scalar(value)).Append('\n');
            open = sections;
        }

        return text.ToString();
    }

    private static string Scalar(object value) =>
        value switch
        {
            string text => JsonSerializer.Serialize(text, RecipeKey.Readable),
            ParallelFiles { IsNone: true } => "[]",
            _ => RecipeKey.Format(value),
        };
}
