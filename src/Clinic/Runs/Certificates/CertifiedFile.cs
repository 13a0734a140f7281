using TransformerClinic.Files;

namespace TransformerClinic.Runs.Certificates;

/// <summary>A file that a certificate speaks of.</summary>
/// <param name="Name">Its name, without the folder.</param>
/// <param name="Sha256">SHA-256 of its bytes, in lower-case hexadecimal.</param>
public sealed record CertifiedFile(string Name, string Sha256);

/// <summary>Weights that a certificate speaks of.</summary>
/// <param name="Sha256">SHA-256 of their file.</param>
/// <param name="Parameters">How many numbers they are.</param>
/// <param name="Bytes">Size of the file.</param>
public sealed record CertifiedWeights(string Sha256, long Parameters, long Bytes)
{
    /// <summary>The weights of a model in a file.</summary>
    internal static CertifiedWeights Of(string path, Model.Transformer model) =>
        new(
            ContentHash.OfFile(path),
            model.parameters().Sum(parameter => parameter.numel()),
            new FileInfo(path).Length
        );
}
