using TransformerClinic.Files;

namespace TransformerClinic.Runs;

/// <summary>Where a model that another program trained is from, as <c>origin.json</c> in its folder holds it.</summary>
/// <param name="Program">The program that wrote it, such as <c>fairseq</c>.</param>
/// <param name="Clinic">The version of this program that read it.</param>
/// <param name="Facts">What is to be known of it, by name.</param>
/// <param name="Files">The files that it was made of, each with its hash.</param>
/// <param name="Ignored">Its settings that were left out because they do not change what it computes.</param>
/// <param name="Waived">Its unknown settings that were left out because the user said so.</param>
internal sealed record ModelOrigin(
    string Program,
    string Clinic,
    IReadOnlyDictionary<string, string> Facts,
    IReadOnlyList<OriginFile> Files,
    IReadOnlyList<string> Ignored,
    IReadOnlyList<string> Waived
)
{
    /// <summary>Its name in the model folder.</summary>
    public const string FileName = "origin.json";
}

/// <summary>A file that a model was made of.</summary>
/// <param name="Role">What it is, such as <c>checkpoint</c>.</param>
/// <param name="Name">Its name, without its folder.</param>
/// <param name="Sha256">SHA-256 of its bytes.</param>
internal sealed record OriginFile(string Role, string Name, string Sha256)
{
    /// <summary>A file as it is now.</summary>
    public static OriginFile Of(string role, string path) =>
        new(role, Path.GetFileName(path), ContentHash.OfFile(path));
}
