using System.Globalization;
using System.Text.Encodings.Web;
using System.Text.Json;
using TransformerClinic.Common;
using TransformerClinic.Data;

namespace TransformerClinic.Recipes;

/// <summary>A key of a recipe, such as <c>model.encoder.layers</c>, and the option that it sets.</summary>
internal sealed class RecipeKey
{
    // A string of JSON is a string of YAML, whatever is in it.
    internal static readonly JsonSerializerOptions Readable = new()
    {
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
    };

    private readonly OptionKey _option;

    internal RecipeKey(OptionKey option) => _option = option;

    /// <summary>The key with its sections, dots between them.</summary>
    public string Path => _option.Path;

    /// <summary>What values it takes, in words.</summary>
    public string Allowed =>
        TakesList
            ? "a path, two with a comma between them, a list of one or two, or a list of corpora"
            : _option.Allowed;

    /// <summary>Whether its value may be a list.</summary>
    internal bool TakesList => IsList(_option);

    private Type Type => _option.Type;

    /// <summary>Whether an option's values can be written in a recipe.</summary>
    internal static bool CanHold(OptionKey option) => option.IsScalar || IsList(option);

    /// <summary>The value that a text means.</summary>
    /// <param name="text">The text.</param>
    /// <param name="where">Where it is, for the message.</param>
    /// <param name="folder">Where relative paths start.</param>
    /// <exception cref="UserErrorException">It is not a value that the key takes.</exception>
    public object Parse(string text, string where, string folder = "")
    {
        if (TakesList)
        {
            return NamedFiles.ParseWeighted(text, $"{where}: {Path}", folder);
        }

        return Value(text) is { } value && _option.Allows(value)
            ? value
            : throw new UserErrorException($"{where}: {_option.Refusal(Path, text)}");
    }

    /// <summary>A value as it is written on a command line or in a recipe; an empty text for no files.</summary>
    public static string Format(object value) =>
        value switch
        {
            ParallelFiles { IsNone: true } => "",
            ParallelFiles { Corpora: [{ Weight: 1 } only] } => List(only.Paths),
            ParallelFiles { Corpora: var corpora } => $"[{string.Join(", ", corpora.Select(Mapping))}]",
            _ => OptionKey.Format(value),
        };

    /// <summary>The key's value in a recipe.</summary>
    internal object Of(Recipe recipe) => _option.Of(recipe)!;

    private static string List(IReadOnlyList<string> paths) =>
        $"[{string.Join(", ", paths.Select(path => JsonSerializer.Serialize(path, Readable)))}]";

    private static string Mapping(ParallelCorpus corpus) =>
        $"{{{NamedFiles.FilesKey}: {List(corpus.Paths)}"
        + (corpus.Weight.Equals(1) ? "}" : $", {NamedFiles.WeightKey}: {OptionKey.Format(corpus.Weight)}}}");

    private static bool IsList(OptionKey option) => option.Type == typeof(ParallelFiles);

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
            return Enum.GetValues(Type).Cast<object>().FirstOrDefault(value => OptionKey.Format(value) == text);
        }

        if (_option.IsWhole)
        {
            return !long.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var whole)
                    ? null
                : Type == typeof(long) ? whole
                : whole is >= int.MinValue and <= int.MaxValue ? (int)whole
                : null;
        }

        return double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out var number) ? number : null;
    }
}
