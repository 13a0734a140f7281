using System.ComponentModel.DataAnnotations;
using System.Globalization;
using System.Reflection;
using System.Text.Encodings.Web;
using System.Text.Json;
using TransformerClinic.Common;
using TransformerClinic.Data;

namespace TransformerClinic.Recipes;

/// <summary>A key of a recipe, such as <c>model.encoder.layers</c>, and the option that it sets.</summary>
public sealed class RecipeKey
{
    // A string of JSON is a string of YAML, whatever is in it.
    internal static readonly JsonSerializerOptions Readable = new()
    {
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
    };

    private readonly PropertyInfo _property;

    internal RecipeKey(string path, PropertyInfo property) => (Path, _property) = (path, property);

    /// <summary>The key with its sections, dots between them.</summary>
    public string Path { get; }

    /// <summary>What values it takes, in words.</summary>
    public string Allowed =>
        Type switch
        {
            { IsEnum: true } => "one of " + string.Join(", ", Names()),
            _ when Type == typeof(bool) => "true or false",
            _ when Type == typeof(string) => "text",
            _ when TakesList => "a path, two with a comma between them, or a list of one or two",
            _ => (IsWhole ? "a whole number" : "a number") + Bounds(),
        };

    /// <summary>Whether its value may be a list.</summary>
    internal bool TakesList => Type == typeof(ParallelFiles);

    private Type Type => _property.PropertyType;

    private bool IsWhole => Type == typeof(int) || Type == typeof(long);

    private RangeAttribute? Range => _property.GetCustomAttribute<RangeAttribute>();

    /// <summary>The value that a text stands for.</summary>
    /// <param name="text">The text.</param>
    /// <param name="where">Where it is, for the message.</param>
    /// <param name="folder">Where relative paths start.</param>
    /// <exception cref="UserErrorException">It is not a value that the key takes.</exception>
    public object Parse(string text, string where, string folder = "")
    {
        if (TakesList)
        {
            return NamedFiles.Parse(text, $"{where}: {Path}", folder);
        }

        if (Value(text) is { } value && Range?.IsValid(value) != false)
        {
            return value;
        }

        var found = text.Length == 0 ? "has no value" : $"is '{text}'";
        throw new UserErrorException($"{where}: {Path} {found}; it must be {Allowed}.{Nearest(text)}");
    }

    /// <summary>A value as it is written on a command line or in a recipe; an empty text for no files.</summary>
    public static string Format(object value) =>
        value switch
        {
            ParallelFiles { IsNone: true } => "",
            ParallelFiles { Paths: var paths } =>
                $"[{string.Join(", ", paths.Select(path => JsonSerializer.Serialize(path, Readable)))}]",
            bool flag => flag ? "true" : "false",
            Enum name => Kebab(name.ToString()),
            double number => number.ToString("R", CultureInfo.InvariantCulture),
            _ => Convert.ToString(value, CultureInfo.InvariantCulture)!,
        };

    internal object Get(object section) => _property.GetValue(section)!;

    private static string Kebab(string name) => JsonNamingPolicy.KebabCaseLower.ConvertName(name);

    private IEnumerable<string> Names() => Enum.GetNames(Type).Select(Kebab);

    private object? Value(string text)
    {
        if (Type == typeof(string))
        {
            return text;
        }

        if (Type == typeof(bool))
        {
            return text switch
            {
                "true" => true,
                "false" => false,
                _ => null,
            };
        }

        if (Type.IsEnum)
        {
            return Enum.GetNames(Type).FirstOrDefault(name => Kebab(name) == text) is { } name
                ? Enum.Parse(Type, name)
                : null;
        }

        if (IsWhole)
        {
            return !long.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var whole)
                    ? null
                : Type == typeof(long) ? whole
                : whole is >= int.MinValue and <= int.MaxValue ? (int)whole
                : null;
        }

        return
            double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out var number)
            && double.IsFinite(number)
            ? number
            : null;
    }

    private string Bounds() =>
        Range switch
        {
            null => "",
            { Maximum: int.MaxValue } range => string.Create(
                CultureInfo.InvariantCulture,
                $", {range.Minimum} or more"
            ),
            { } range => string.Create(CultureInfo.InvariantCulture, $" from {range.Minimum} to {range.Maximum}"),
        };

    private string Nearest(string text) =>
        Type.IsEnum && Spelling.Nearest(text, Names()) is { } nearest ? $" Did you mean {nearest}?" : "";
}
