using System.ComponentModel.DataAnnotations;
using System.Globalization;
using System.Reflection;
using System.Text.Json;

namespace TransformerClinic.Common;

/// <summary>
/// A key of an options record, such as <c>encoder.layers</c> of a model's: what its property's type and
/// <see cref="RangeAttribute"/> allow, and what is wrong with anything else, in words.
/// </summary>
internal sealed class OptionKey
{
    private readonly IReadOnlyList<PropertyInfo> _from;

    /// <param name="from">The properties that lead from the outermost record to the key, whose own property is the
    /// last.</param>
    private OptionKey(IReadOnlyList<PropertyInfo> from)
    {
        _from = from;
        Path = string.Join('.', from.Select(OptionSection.NameOf));
        Range = Property.GetCustomAttribute<RangeAttribute>();
        IsOptional =
            Nullable.GetUnderlyingType(Property.PropertyType) is not null
            || new NullabilityInfoContext().Create(Property).WriteState == NullabilityState.Nullable;
    }

    /// <summary>The key with its sections, separated by dots.</summary>
    public string Path { get; }

    /// <summary>The type of its values.</summary>
    public Type Type => Nullable.GetUnderlyingType(Property.PropertyType) ?? Property.PropertyType;

    /// <summary>Whether it takes only whole numbers.</summary>
    public bool IsWhole => Type == typeof(int) || Type == typeof(long);

    /// <summary>Whether text can express each of its values; for lists and a program's own objects it cannot.</summary>
    public bool IsScalar => Type.IsEnum || Type == typeof(bool) || Type == typeof(string) || IsNumber;

    /// <summary>The smallest and the largest number that it takes; null if it takes all.</summary>
    public RangeAttribute? Range { get; }

    /// <summary>Which values it takes, in words that follow "it must be".</summary>
    public string Allowed =>
        Type switch
        {
            { IsEnum: true } => "one of " + string.Join(", ", Names),
            _ when Type == typeof(bool) => "true or false",
            _ when Type == typeof(string) => "text",
            _ when IsWhole => "a whole number" + Bounds,
            _ when IsNumber => "a number" + Bounds,
            _ => "set",
        };

    /// <summary>The words that it takes, if it takes one of a fixed list.</summary>
    public IEnumerable<string> Names => Type.IsEnum ? Enum.GetNames(Type).Select(Kebab) : [];

    private bool IsNumber => IsWhole || Type == typeof(double);

    private PropertyInfo Property => _from[^1];

    private bool IsOptional { get; }

    private string Bounds =>
        Range switch
        {
            null => "",
            { Maximum: int.MaxValue } range => string.Create(
                CultureInfo.InvariantCulture,
                $", {range.Minimum} or more"
            ),
            { } range => string.Create(CultureInfo.InvariantCulture, $" from {range.Minimum} to {range.Maximum}"),
        };

    /// <summary>All keys of a record, including those of records inside it, in the order of the properties.</summary>
    public static IReadOnlyList<OptionKey> AllOf(Type record) => [.. Below([], record)];

    /// <summary>A value as it is written in a recipe.</summary>
    public static string Format(object value) =>
        value switch
        {
            bool flag => flag ? "true" : "false",
            Enum name => Kebab(name.ToString()),
            double number => number.ToString("R", CultureInfo.InvariantCulture),
            _ => Convert.ToString(value, CultureInfo.InvariantCulture)!,
        };

    /// <summary>The key's value in a record; null if it has none.</summary>
    public object? Of(object record) => _from.Aggregate((object?)record, OptionSection.ValueOf);

    /// <summary>Whether the key takes a value.</summary>
    public bool Allows(object? value) =>
        value switch
        {
            null => IsOptional,
            Enum name => Enum.IsDefined(Type, name),
            double number when !double.IsFinite(number) => false,
            _ => Range?.IsValid(value) != false,
        };

    /// <summary>Why a value is refused, and what is allowed.</summary>
    /// <param name="name">The key's name for the user of the record.</param>
    /// <param name="found">The value as text; empty for none.</param>
    public string Refusal(string name, string found)
    {
        var value = found.Length == 0 ? "has no value" : $"is '{found}'";
        var nearest = Spelling.Nearest(found, Names) is { } word ? $" Did you mean {word}?" : "";
        return $"{name} {value}; it must be {Allowed}.{nearest}";
    }

    private static IEnumerable<OptionKey> Below(IReadOnlyList<PropertyInfo> from, Type record) =>
        OptionSection
            .PropertiesOf(record)
            .SelectMany(property =>
                OptionSection.IsSection(property)
                    ? Below([.. from, property], property.PropertyType)
                    : [new OptionKey([.. from, property])]
            );

    private static string Kebab(string name) => JsonNamingPolicy.KebabCaseLower.ConvertName(name);
}
