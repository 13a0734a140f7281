using System.Globalization;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace TransformerClinic.Files;

/// <summary>
/// A number that may be infinite or none, as measurements of damaged models are: those are written as text, "Infinity"
/// or "NaN", since JSON has no such numbers.
/// </summary>
internal sealed class AnyNumberConverter : JsonConverter<double>
{
    public override double Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) =>
        reader.TokenType == JsonTokenType.String
            ? double.Parse(reader.GetString()!, CultureInfo.InvariantCulture)
            : reader.GetDouble();

    public override void Write(Utf8JsonWriter writer, double value, JsonSerializerOptions options)
    {
        if (double.IsFinite(value))
        {
            writer.WriteNumberValue(value);
        }
        else
        {
            writer.WriteStringValue(value.ToString(CultureInfo.InvariantCulture));
        }
    }
}
