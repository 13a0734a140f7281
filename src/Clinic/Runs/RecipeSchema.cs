using System.Reflection;
using System.Text.Json;

namespace TransformerClinic.Runs;

/// <summary>The keys of a recipe, read off the option records: the record's property <c>MaxUpdates</c> is the key <c>maxUpdates</c>.</summary>
public static class RecipeSchema
{
    /// <summary>Every key, in the order in which a recipe is written.</summary>
    public static IReadOnlyList<RecipeKey> Keys { get; } = [.. KeysOf(typeof(Recipe), "")];

    /// <summary>Every section, such as <c>model.encoder</c>.</summary>
    public static IReadOnlyList<string> Sections { get; } = [.. Keys
        .Select(key => key.Path)
        .SelectMany(path => Enumerable.Range(0, path.Length).Where(i => path[i] == '.').Select(i => path[..i]))
        .Distinct(StringComparer.Ordinal)];

    /// <summary>A recipe with the given values; the other keys keep their defaults.</summary>
    internal static Recipe Build(IReadOnlyDictionary<string, object> values) => (Recipe)Build(typeof(Recipe), "", values);

    /// <summary>All values of a recipe by their keys.</summary>
    internal static IReadOnlyDictionary<string, object> Values(Recipe recipe) =>
        Keys.ToDictionary(key => key.Path, key => key.Get(Section(recipe, key.Path)), StringComparer.Ordinal);

    private static object Build(Type type, string prefix, IReadOnlyDictionary<string, object> values)
    {
        var section = Activator.CreateInstance(type)!;
        foreach (var property in Properties(type))
        {
            var path = prefix + Name(property);
            if (IsSection(property))
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

    private static object Section(object section, string path)
    {
        foreach (var name in path.Split('.')[..^1])
        {
            section = Properties(section.GetType()).First(property => Name(property) == name).GetValue(section)!;
        }

        return section;
    }

    private static IEnumerable<RecipeKey> KeysOf(Type type, string prefix) => Properties(type).SelectMany(property => IsSection(property)
        ? KeysOf(property.PropertyType, prefix + Name(property) + ".")
        : [new RecipeKey(prefix + Name(property), property)]);

    private static IEnumerable<PropertyInfo> Properties(Type type) =>
        type.GetProperties(BindingFlags.Public | BindingFlags.Instance).Where(property => property.CanWrite).OrderBy(property => property.MetadataToken);

    private static bool IsSection(PropertyInfo property) => property.PropertyType.IsClass && property.PropertyType != typeof(string);

    private static string Name(PropertyInfo property) => JsonNamingPolicy.CamelCase.ConvertName(property.Name);
}
