using TransformerClinic.Cli.Output;
using TransformerClinic.Decoding;
using TransformerClinic.Files;

namespace TransformerClinic.Cli.Parts;

/// <summary>All that decides the translation of a part, as the JSON file next to it holds it.</summary>
/// <param name="Part">The part, such as 17/1000.</param>
/// <param name="Text">SHA-256 of its lines.</param>
/// <param name="Models">SHA-256 of the configuration, the subwords and the weights of each model, in order.</param>
/// <param name="Search">How it is searched.</param>
/// <param name="Method">What takes the place of beam search; null for beam search.</param>
/// <param name="Requests">What every translation must satisfy.</param>
/// <param name="Columns">What is written of each translation.</param>
/// <param name="Device">What computes.</param>
/// <param name="Clinic">The version of the program.</param>
internal sealed record PartRecord(
    string Part,
    string Text,
    IReadOnlyList<IReadOnlyList<string>> Models,
    DecodingOptions Search,
    string? Method,
    IReadOnlyList<string> Requests,
    TranslationColumns Columns,
    string Device,
    string Clinic
)
{
    /// <summary>In what another record differs, in words; null if a translation of one is one of the other.</summary>
    public string? DifferenceFrom(PartRecord other) =>
        Json.Line(this) == Json.Line(other) ? null
        : Text != other.Text ? "another text"
        : Json.Line(Models) != Json.Line(other.Models) ? "another model"
        : Clinic != other.Clinic ? $"version {other.Clinic} of the program"
        : "other options";
}
