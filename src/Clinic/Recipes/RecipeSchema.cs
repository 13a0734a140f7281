using TransformerClinic.Common;

namespace TransformerClinic.Recipes;

/// <summary>
/// The keys of a recipe, read off the option records: the record's property <c>MaxUpdates</c> is the key
/// <c>maxUpdates</c>.
/// </summary>
internal static class RecipeSchema
{
    /// <summary>Every key, in the order in which a recipe is written.</summary>
    public static IReadOnlyList<RecipeKey> Keys { get; } =
    [.. OptionKey.AllOf(typeof(Recipe)).Where(RecipeKey.CanHold).Select(option => new RecipeKey(option))];

    /// <summary>Every section, such as <c>model.encoder</c>.</summary>
    public static IReadOnlyList<string> Sections { get; } =
    [
        .. Keys.Select(key => key.Path)
            .SelectMany(path => Enumerable.Range(0, path.Length).Where(i => path[i] == '.').Select(i => path[..i]))
            .Distinct(StringComparer.Ordinal),
    ];

    /// <summary>All values of a recipe by their keys, in the order of <see cref="Keys"/>.</summary>
    public static IReadOnlyList<KeyValuePair<string, object>> Values(Recipe recipe) =>
        [.. Keys.Select(key => KeyValuePair.Create(key.Path, key.Of(recipe)))];

    /// <summary>The key of a path.</summary>
    /// <param name="path">Such as <c>training.maxUpdates</c>.</param>
    /// <param name="where">Where it is, for the message.</param>
    /// <exception cref="UserErrorException">There is no such key; the message names the nearest.</exception>
    internal static RecipeKey Find(string path, string where)
    {
        if (Keys.FirstOrDefault(known => known.Path == path) is { } found)
        {
            return found;
        }

        if (Sections.Contains(path))
        {
            var inside = Keys.Select(key => key.Path)
                .Where(key => key.StartsWith(path + ".", StringComparison.Ordinal));
            throw new UserErrorException($"{where}: {path} is a section; its keys are {string.Join(", ", inside)}.");
        }

        throw new UserErrorException($"{where}: there is no key {path}.{Suggestion(path)}");
    }

    /// <summary>A recipe with the given values; the other keys keep their defaults.</summary>
    internal static Recipe Build(IReadOnlyDictionary<string, object> values) =>
        (Recipe)Build(typeof(Recipe), "", values);

    /// <summary>The same name in another section, or otherwise a similar name in this one.</summary>
    private static string Suggestion(string path)
    {
        var all = Keys.Select(key => key.Path).Concat(Sections).ToList();
        var elsewhere = all.Where(known => NameOf(known).Equals(NameOf(path), StringComparison.OrdinalIgnoreCase))
            .ToList();
        if (elsewhere.Count > 0)
        {
            return $" Did you mean {string.Join(" or ", elsewhere)}?";
        }

        var siblings = all.Where(known => SectionOf(known) == SectionOf(path))
            .ToDictionary(NameOf, StringComparer.Ordinal);
        return Spelling.Nearest(NameOf(path), siblings.Keys) is { } name
            ? $" Did you mean {siblings[name]}?"
            : " docs/recipes.md lists them all.";
    }

    private static object Build(Type type, string prefix, IReadOnlyDictionary<string, object> values)
    {
        var section = Activator.CreateInstance(type)!;
        foreach (var property in OptionSection.PropertiesOf(type))
        {
            var path = prefix + OptionSection.NameOf(property);
            if (OptionSection.IsSection(property))
            {
                property.SetValue(section, Build(property.PropertyType, path + ".", values));
            }
            else if (values.TryGetValue(path, out var value))
            {
                property.SetValue(section, value);
            }
        }

        return section;
    }

    private static string NameOf(string path) => path[(path.LastIndexOf('.') + 1)..];

    private static string SectionOf(string path) => path[..Math.Max(path.LastIndexOf('.'), 0)];
}
