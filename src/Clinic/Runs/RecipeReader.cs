using TransformerClinic.Data;
using TransformerClinic.Files;
using TransformerClinic.Text;
using YamlDotNet.Core;
using YamlDotNet.RepresentationModel;

namespace TransformerClinic.Runs;

/// <summary>Reads recipes: YAML whose keys are the option records' names, with overrides from the command line.</summary>
public static class RecipeReader
{
    /// <summary>Reads a recipe, puts the overrides over it, and checks every value.</summary>
    /// <param name="path">The YAML file.</param>
    /// <param name="overrides">Keys with values, such as <c>training.maxUpdates=50</c>; a later one wins.</param>
    /// <returns>The recipe; data paths are full paths.</returns>
    /// <exception cref="UserErrorException">The file is missing or no YAML, a key is not known, or a value is not allowed.</exception>
    public static Recipe Read(string path, IReadOnlyList<string> overrides)
    {
        var values = new Dictionary<string, object>(StringComparer.Ordinal);
        Flatten(Root(path), "", path, values);
        foreach (var setting in overrides)
        {
            var equals = setting.IndexOf('=', StringComparison.Ordinal);
            if (equals < 1)
            {
                throw new UserErrorException($"--set {setting}: an override is key=value, such as training.maxUpdates=500.");
            }

            var (key, value) = (setting[..equals].Trim(), setting[(equals + 1)..].Trim());
            values[key] = Key(key, $"--set {setting}").Parse(value, $"--set {setting}");
        }

        var recipe = RecipeSchema.Build(values);
        RecipeRules.Check(recipe, path);
        return recipe with { Data = Resolved(recipe.Data, Path.GetDirectoryName(Path.GetFullPath(path))!) };
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
            throw new UserErrorException($"{path}, line {exception.Start.Line}: this is not YAML ({exception.Message.TrimEnd('.')}).", exception);
        }

        return yaml.Documents switch
        {
            [] => throw new UserErrorException($"{path}: the recipe is empty."),
            [{ RootNode: YamlMappingNode root }] => root,
            _ => throw new UserErrorException($"{path}: a recipe is one YAML document of keys and values, such as 'seed: 1'."),
        };
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
                    values[key] = Key(key, where).Parse(text, where);
                    break;
                default:
                    throw new UserErrorException($"{where}: {key} is {Key(key, where).Allowed}, not a list or a section.");
            }
        }
    }

    private static RecipeKey Key(string key, string where)
    {
        if (RecipeSchema.Keys.FirstOrDefault(known => known.Path == key) is { } found)
        {
            return found;
        }

        if (RecipeSchema.Sections.Contains(key))
        {
            var inside = RecipeSchema.Keys.Select(known => known.Path).Where(known => known.StartsWith(key + ".", StringComparison.Ordinal));
            throw new UserErrorException($"{where}: {key} is a section; its keys are {string.Join(", ", inside)}.");
        }

        var name = key[(key.LastIndexOf('.') + 1)..];
        var paths = RecipeSchema.Keys.Select(known => known.Path).ToList();
        var nearest = Spelling.Nearest(key, paths) ?? paths.FirstOrDefault(known => known.EndsWith("." + name, StringComparison.OrdinalIgnoreCase));
        throw new UserErrorException($"{where}: there is no key {key}.{(nearest is null ? " docs/recipes.md lists them all." : $" Did you mean {nearest}?")}");
    }

    private static DataOptions Resolved(DataOptions data, string baseFolder) => data with
    {
        Train = Full(data.Train, baseFolder),
        Valid = Full(data.Valid, baseFolder),
        Test = Full(data.Test, baseFolder),
    };

    private static string Full(string spec, string baseFolder) => spec.Length == 0 ? "" : string.Join(',', ParallelText.Paths(spec, baseFolder));
}
