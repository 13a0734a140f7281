using TransformerClinic.Common;
using YamlDotNet.RepresentationModel;

namespace TransformerClinic.Recipes;

/// <summary>
/// Reads recipes: YAML whose keys are the option records' names, with values put over them.
/// </summary>
public static class RecipeReader
{
    private const string Override = "override";

    /// <summary>Reads a recipe, puts the overrides over it, and checks every value.</summary>
    /// <param name="path">The YAML file.</param>
    /// <param name="overrides">Keys with values, such as <c>training.maxUpdates=50</c>; a later one wins.</param>
    /// <param name="origin">What messages call an override, such as the option of a command that it comes from.</param>
    /// <returns>
    /// The recipe; its data paths, <c>data.prepared</c> and <c>training.from</c>, which start at the recipe's folder,
    /// are full paths.
    /// </returns>
    /// <exception cref="UserErrorException">
    /// The file is missing or not YAML, a key is not known, a value is not allowed, or keys do not fit each other.
    /// </exception>
    public static Recipe Read(string path, IReadOnlyList<string> overrides, string origin = Override)
    {
        var folder = Path.GetDirectoryName(Path.GetFullPath(path))!;
        var values = new Dictionary<string, object>(StringComparer.Ordinal);
        Flatten(RecipeYaml.Load(path), "", path, folder, values);
        Put(overrides, origin, folder, values);
        var recipe = RecipeSchema.Build(values);
        if (OptionCheck.BrokenRule(recipe) is { } broken)
        {
            throw new UserErrorException($"{path}: {broken}");
        }

        return recipe with
        {
            Data = recipe.Data with { Prepared = FullFolder("data.prepared", recipe.Data.Prepared, path, folder) },
            Training = recipe.Training with { From = FullFolder("training.from", recipe.Training.From, path, folder) },
        };
    }

    /// <summary>A recipe with values put over it; whether its keys fit each other is not checked.</summary>
    /// <exception cref="UserErrorException">A key is not known, or a value is not allowed.</exception>
    internal static Recipe PutOver(Recipe recipe, IReadOnlyList<string> overrides)
    {
        var values = RecipeSchema.Values(recipe).ToDictionary(StringComparer.Ordinal);
        Put(overrides, Override, folder: "", values);
        return RecipeSchema.Build(values);
    }

    private static void Put(
        IReadOnlyList<string> overrides,
        string origin,
        string folder,
        Dictionary<string, object> values
    )
    {
        foreach (var setting in overrides)
        {
            var where = $"{origin} {setting}";
            var equals = setting.IndexOf('=', StringComparison.Ordinal);
            if (equals < 1)
            {
                throw new UserErrorException($"{where}: an override is key=value, such as training.maxUpdates=500.");
            }

            var (key, text) = (RecipeSchema.Find(setting[..equals].Trim(), where), setting[(equals + 1)..].Trim());
            if (RecipeYaml.IsNull(text))
            {
                values.Remove(key.Path);
                continue;
            }

            values[key.Path] = key.Parse(text, where, folder);
        }
    }

    private static void Flatten(
        YamlMappingNode section,
        string prefix,
        string path,
        string folder,
        Dictionary<string, object> values
    )
    {
        foreach (var (name, node) in section.Children)
        {
            var key = prefix + name;
            var where = $"{path}, line {name.Start.Line}";
            switch (node)
            {
                case YamlMappingNode inner when RecipeSchema.Sections.Contains(key):
                    Flatten(inner, key + ".", path, folder, values);
                    break;
                case YamlScalarNode scalar when RecipeYaml.IsNull(scalar):
                    if (!RecipeSchema.Sections.Contains(key))
                    {
                        RecipeSchema.Find(key, where); // Even a key that is not set must be one.
                    }

                    break;
                case YamlScalarNode { Value: { } text }:
                    values[key] = RecipeSchema.Find(key, where).Parse(text, where, folder);
                    break;
                case YamlSequenceNode list when RecipeSchema.Find(key, where) is { TakesList: true } found:
                    values[key] = NamedFiles.ParseWeighted(list, $"{where}: {found.Path}", folder);
                    break;
                default:
                    throw new UserErrorException(
                        $"{where}: {key} is a {(node is YamlMappingNode ? "section" : "list")}; it must be "
                            + $"{RecipeSchema.Find(key, where).Allowed}."
                    );
            }
        }
    }

    private static string FullFolder(string key, string value, string path, string folder) =>
        value.Contains('\0', StringComparison.Ordinal)
            ? throw new UserErrorException($"{path}: {key} holds a NUL character, which no path can.")
        : string.IsNullOrWhiteSpace(value) ? ""
        : Path.TrimEndingDirectorySeparator(Path.GetFullPath(Path.Combine(folder, value)));
}
