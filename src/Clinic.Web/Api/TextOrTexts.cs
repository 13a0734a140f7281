using System.Text.Json;
using System.Text.Json.Serialization;

namespace TransformerClinic.Web.Api;

/// <summary>A text, or an array of them.</summary>
/// <param name="Texts">The texts.</param>
[JsonConverter(typeof(Converter))]
internal sealed record TextOrTexts(IReadOnlyList<string> Texts)
{
    private sealed class Converter : JsonConverter<TextOrTexts>
    {
        public override TextOrTexts Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options)
        {
            if (reader.TokenType == JsonTokenType.String)
            {
                return new TextOrTexts([reader.GetString()!]);
            }

            if (reader.TokenType != JsonTokenType.StartArray)
            {
                throw new JsonException("text is a string or an array of strings.");
            }

            var texts = new List<string>();
            while (reader.Read() && reader.TokenType != JsonTokenType.EndArray)
            {
                texts.Add(
                    reader.TokenType == JsonTokenType.String
                        ? reader.GetString()!
                        : throw new JsonException("text is a string or an array of strings.")
                );
            }

            return new TextOrTexts(texts);
        }

        public override void Write(Utf8JsonWriter writer, TextOrTexts value, JsonSerializerOptions options) =>
            JsonSerializer.Serialize(writer, value.Texts, options);
    }
}
