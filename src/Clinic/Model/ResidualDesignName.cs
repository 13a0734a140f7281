using System.Text.Json;
using System.Text.Json.Serialization;
using TransformerClinic.Residuals;

namespace TransformerClinic.Model;

/// <summary>
/// A program's own variant in JSON: its name is written; what it computes cannot be, so it cannot be read.
/// </summary>
internal sealed class ResidualDesignName : JsonConverter<ResidualDesign>
{
    /// <inheritdoc/>
    public override ResidualDesign Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) =>
        throw new JsonException(
            $"its residual connections, {reader.GetString()}, are defined by the program that wrote it: make the "
                + "model in that program and load the weights into it"
        );

    /// <inheritdoc/>
    public override void Write(Utf8JsonWriter writer, ResidualDesign value, JsonSerializerOptions options) =>
        writer.WriteStringValue(value.Name);
}
