using System.Text;
using System.Text.Json;

namespace TransformerClinic.Runs;

/// <summary>Writes a recipe with every key, so that reading it again gives the same recipe.</summary>
public static class RecipeWriter
{
    private static readonly JsonSerializerOptions Readable = new() { Encoder = System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <summary>The recipe as YAML.</summary>
    public static string Write(Recipe recipe)
    {
        var text = new StringBuilder();
        string[] open = [];
        foreach (var (path, value) in RecipeSchema.Values(recipe))
        {
            var parts = path.Split('.');
            var sections = parts[..^1];
            for (var depth = 0; depth < sections.Length; depth++)
            {
                if (depth >= open.Length || open[depth] != sections[depth])
                {
                    text.Append(' ', 2 * depth).Append(sections[depth]).Append(":\n");
                    open = sections[..(depth + 1)];
                }
            }

            open = sections;

            // A string of JSON is a string of YAML, whatever is in it.
            var written = value is string s ? JsonSerializer.Serialize(s, Readable) : RecipeKey.Format(value);
            text.Append(' ', 2 * sections.Length).Append(parts[^1]).Append(": ").Append(written).Append('\n');
        }

        return text.ToString();
    }
}
