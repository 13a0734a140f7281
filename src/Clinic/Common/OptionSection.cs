using System.Reflection;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace TransformerClinic.Common;

/// <summary>
/// An options record, or one inside it: the record's property <c>Encoder</c> is the section <c>encoder</c>.
/// </summary>
internal sealed class OptionSection
{
    private readonly IReadOnlyList<PropertyInfo> _from;

    private OptionSection(IReadOnlyList<PropertyInfo> from) => _from = from;

    /// <summary>The start of the names of its keys: <c>encoder.</c>, or nothing for the outermost record.</summary>
    public string Path => string.Concat(_from.Select(property => NameOf(property) + "."));

    /// <summary>The record of a type and all records inside it, from the outermost to the innermost.</summary>
    public static IReadOnlyList<OptionSection> AllOf(Type type) => [.. Below([], type)];

    /// <summary>The properties that options can set, in the order of their declaration.</summary>
    public static IEnumerable<PropertyInfo> PropertiesOf(Type type) =>
        type.GetProperties(BindingFlags.Public | BindingFlags.Instance)
            .Where(property => property.CanWrite && !property.IsDefined(typeof(JsonConverterAttribute)))
            .OrderBy(property => property.MetadataToken);

    /// <summary>Whether a property is a record with keys of its own; a value has no empty instance.</summary>
    public static bool IsSection(PropertyInfo property) =>
        property.PropertyType is { IsClass: true } type && type.GetConstructor(Type.EmptyTypes) is not null;

    /// <summary>The name of a property in a recipe.</summary>
    public static string NameOf(PropertyInfo property) => JsonNamingPolicy.CamelCase.ConvertName(property.Name);

    /// <summary>The record itself, inside the outermost one; null if it is not set.</summary>
    public object? Of(object outermost) => _from.Aggregate((object?)outermost, ValueOf);

    /// <summary>A property's value; null inside a record that is null.</summary>
    public static object? ValueOf(object? record, PropertyInfo property) =>
        record is null ? null : property.GetValue(record);

    private static IEnumerable<OptionSection> Below(IReadOnlyList<PropertyInfo> from, Type type) =>
        PropertiesOf(type)
            .Where(IsSection)
            .SelectMany(property => Below([.. from, property], property.PropertyType))
            .Prepend(new OptionSection(from));
}
