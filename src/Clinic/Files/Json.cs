using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization;
using TransformerClinic.Common;

namespace TransformerClinic.Files;

/// <summary>
/// The one way in which JSON is written and read: camelCase keys and kebab-case names of enumerations; unknown keys,
/// repeated keys and numbers that are too large are refused.
/// </summary>
internal static class Json
{
    private static readonly JsonSerializerOptions Compact = Create(indented: false);
    private static readonly JsonSerializerOptions Indented = Create(indented: true);

    private static readonly JsonSerializerOptions Foreign = new()
    {
        PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower,
        RespectNullableAnnotations = true,
        RespectRequiredConstructorParameters = true,
    };

    /// <summary>A value on one line.</summary>
    public static string Line<T>(T value) => JsonSerializer.Serialize(value, Compact);

    /// <summary>A value on several lines, for people.</summary>
    public static string Text<T>(T value) => JsonSerializer.Serialize(value, Indented) + "\n";

    /// <summary>Writes a value as a file, completely or not at all.</summary>
    public static void Write<T>(string path, T value) => AtomicFile.WriteText(path, Text(value));

    /// <summary>Reads a file's value.</summary>
    /// <exception cref="UserErrorException">The file is missing or does not contain such a value.</exception>
    public static T Read<T>(string path) =>
        Checked(path, () => JsonSerializer.Deserialize<T>(TextLines.ReadBytes(path), Compact));

    /// <summary>Reads a file that another program wrote: snake_case keys; unknown ones are ignored.</summary>
    /// <exception cref="UserErrorException">The file is missing or does not contain such a value.</exception>
    public static T ReadForeign<T>(string path) =>
        Checked(path, () => JsonSerializer.Deserialize<T>(TextLines.ReadBytes(path), Foreign));

    /// <summary>
    /// Reads a part of a file that another program wrote; messages call it <paramref name="path"/>.
    /// </summary>
    /// <exception cref="UserErrorException">The part does not contain such a value.</exception>
    public static T ReadForeign<T>(JsonElement part, string path) => Checked(path, () => part.Deserialize<T>(Foreign));

    /// <summary>Reads a value from a line.</summary>
    /// <exception cref="JsonException">The line does not contain such a value.</exception>
    public static T? FromLine<T>(string line) => JsonSerializer.Deserialize<T>(line, Compact);

    private static T Checked<T>(string path, Func<T?> read)
    {
        try
        {
            return read() ?? throw new UserErrorException($"{path}: the file is empty.");
        }
        catch (Exception exception) when (exception is JsonException or NotSupportedException or ArgumentException)
        {
            throw new UserErrorException(
                $"{path}: this is not a complete {typeof(T).Name} in JSON ({exception.Message})",
                exception
            );
        }
    }

    private static JsonSerializerOptions Create(bool indented) =>
        new()
        {
            WriteIndented = indented,
            NewLine = "\n",
            PropertyNamingPolicy = JsonNamingPolicy.CamelCase,
            AllowDuplicateProperties = false,
            RespectNullableAnnotations = true,
            RespectRequiredConstructorParameters = true,
            UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow,
            Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
            Converters = { new JsonStringEnumConverter(JsonNamingPolicy.KebabCaseLower), new FiniteNumberConverter() },
        };
}
