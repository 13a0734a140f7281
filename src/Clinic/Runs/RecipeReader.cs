using TransformerClinic.Data;
using TransformerClinic.Training;
using YamlDotNet.RepresentationModel;

namespace TransformerClinic.Runs;

/// <summary>Reads recipes: YAML whose keys are the option records' names, with overrides from the command line.</summary>
public static class RecipeReader
{
    /// <summary>Reads a recipe, puts the overrides over it, and checks every value.</summary>
    /// <param name="path">The YAML file.</param>
    /// <param name="overrides">Keys with values, such as <c>training.maxUpdates=50</c>; a later one wins.</param>
    /// <returns>
    /// The recipe; its data paths and <c>training.from</c>, which start at the recipe's folder, are full paths.
    /// </returns>
    /// <exception cref="UserErrorException">The file is missing or no YAML, a key is not known, or a value is not allowed.</exception>
    public static Recipe Read(string path, IReadOnlyList<string> overrides)
    {
        var values = new Dictionary<string, object>(StringComparer.Ordinal);
        Flatten(RecipeYaml.Load(path), "", path, values);
        Put(overrides, values);
        var recipe = RecipeSchema.Build(values);
        RecipeRules.Check(recipe, path);
        return recipe with { Data = Resolved(recipe.Data, path), Training = Resolved(recipe.Training, path) };
    }

    /// <summary>A recipe with overrides put over it; whether its keys go together is not looked at.</summary>
    /// <exception cref="UserErrorException">A key is not known, or a value is not allowed.</exception>
    internal static Recipe Override(Recipe recipe, IReadOnlyList<string> overrides)
    {
        var values = RecipeSchema.Values(recipe).ToDictionary(StringComparer.Ordinal);
        Put(overrides, values);
        return RecipeSchema.Build(values);
    }

    private static void Put(IReadOnlyList<string> overrides, Dictionary<string, object> values)
    {
        foreach (var setting in overrides)
        {
            var (key, value) = Parse(setting);
            values[key.Path] = value;
        }
    }

    private static void Flatten(YamlMappingNode section, string prefix, string path, Dictionary<string, object> values)
    {
        foreach (var (name, node) in section.Children)
        {
            var key = prefix + name;
            var where = $"{path}, line {name.Start.Line}";
            switch (node)
            {
                case YamlMappingNode inner when RecipeSchema.Sections.Contains(key):
                    Flatten(inner, key + ".", path, values);
                    break;
                case YamlScalarNode { Value: { } text }:
                    values[key] = RecipeSchema.Find(key, where).Parse(text, where);
                    break;
                default:
                    throw new UserErrorException($"{where}: {key} is a {(node is YamlMappingNode ? "section" : "list")}; it must be {RecipeSchema.Find(key, where).Allowed}.");
            }
        }
    }

    private static (RecipeKey Key, object Value) Parse(string setting)
    {
        var where = $"--set {setting}";
        var equals = setting.IndexOf('=', StringComparison.Ordinal);
        if (equals < 1)
        {
            throw new UserErrorException($"{where}: an override is key=value, such as training.maxUpdates=500.");
        }

        var key = RecipeSchema.Find(setting[..equals].Trim(), where);
        return (key, key.Parse(setting[(equals + 1)..].Trim(), where));
    }

    private static TrainingOptions Resolved(TrainingOptions training, string path)
    {
        if (training.From.Contains('\0', StringComparison.Ordinal))
        {
            throw new UserErrorException($"{path}: training.from holds a NUL character, which no path can.");
        }

        if (string.IsNullOrWhiteSpace(training.From))
        {
            return training with { From = "" };
        }

        var folder = Path.GetDirectoryName(Path.GetFullPath(path))!;
        var model = Path.GetFullPath(Path.Combine(folder, training.From));
        return training with { From = Path.TrimEndingDirectorySeparator(model) };
    }

    private static DataOptions Resolved(DataOptions data, string path)
    {
        var folder = Path.GetDirectoryName(Path.GetFullPath(path))!;
        return data with
        {
            Train = Full("data.train", data.Train),
            Valid = Full("data.valid", data.Valid),
            Test = Full("data.test", data.Test),
        };

        string Full(string key, string spec)
        {
            try
            {
                return spec.Length == 0 ? "" : string.Join(',', ParallelText.Paths(spec, folder));
            }
            catch (UserErrorException exception)
            {
                throw new UserErrorException($"{path}: {key} is {exception.Message}", exception);
            }
        }
    }
}
