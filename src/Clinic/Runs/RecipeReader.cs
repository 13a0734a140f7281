using TransformerClinic.Data;
using TransformerClinic.Files;
using YamlDotNet.Core;
using YamlDotNet.RepresentationModel;

namespace TransformerClinic.Runs;

/// <summary>Reads recipes: YAML whose keys are the option records' names, with overrides from the command line.</summary>
public static class RecipeReader
{
    /// <summary>Reads a recipe, puts the overrides over it, and checks every value.</summary>
    /// <param name="path">The YAML file.</param>
    /// <param name="overrides">Keys with values, such as <c>training.maxUpdates=50</c>; a later one wins.</param>
    /// <returns>The recipe; its data paths, which start at the recipe's folder, are full paths.</returns>
    /// <exception cref="UserErrorException">The file is missing or no YAML, a key is not known, or a value is not allowed.</exception>
    public static Recipe Read(string path, IReadOnlyList<string> overrides)
    {
        var values = new Dictionary<string, object>(StringComparer.Ordinal);
        Flatten(Root(path), "", path, values);
        foreach (var setting in overrides)
        {
            var (key, value) = Override(setting);
            values[key.Path] = value;
        }

        var recipe = RecipeSchema.Build(values);
        RecipeRules.Check(recipe, path);
        return recipe with { Data = Resolved(recipe.Data, path) };
    }

    private static YamlMappingNode Root(string path)
    {
        var text = string.Join('\n', TextLines.Read(path));
        var yaml = new YamlStream();
        try
        {
            yaml.Load(new StringReader(text));
        }
        catch (YamlException exception)
        {
            throw new UserErrorException($"{path}, line {exception.Start.Line}: this is not YAML: {exception.Message.TrimEnd('.')}.{Hint(text, exception)}", exception);
        }

        return yaml.Documents switch
        {
            [] => throw new UserErrorException($"{path}: the recipe is empty."),
            [{ RootNode: YamlMappingNode root }] => root,
            _ => throw new UserErrorException($"{path}: a recipe is one YAML document of keys and values, such as 'seed: 1'."),
        };
    }

    private static string Hint(string text, YamlException exception)
    {
        var lines = text.Split('\n');
        var line = (int)Math.Clamp(exception.Start.Line, 1, lines.Length);
        var indent = lines[line - 1].TakeWhile(char.IsWhiteSpace);
        return indent.Contains('\t') ? " Its indentation holds a tab; YAML takes spaces only." : "";
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

    private static (RecipeKey Key, object Value) Override(string setting)
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
