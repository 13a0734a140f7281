using System.Globalization;
using TransformerClinic.Common;
using TransformerClinic.Diagnosis.Findings;
using TransformerClinic.Files;
using TransformerClinic.Recipes;

namespace TransformerClinic.Runs;

/// <summary>
/// The trained model that a run began from, as <c>from.json</c> holds it; the model itself may be gone by now.
/// </summary>
/// <param name="Name">Its name, such as <c>quickstart/model</c>: <see cref="ModelSource.Name"/>.</param>
/// <param name="Path">Its full path when the run began.</param>
/// <param name="Sha256">SHA-256 of the file of its weights.</param>
/// <param name="Config">Its configuration, with what Admin's profiling set before its own training.</param>
/// <param name="Recipe">The name of the recipe that it was trained by; null where that is not known.</param>
/// <param name="Updates">Updates that its own run made; null where that is not known.</param>
/// <param name="Bleu">BLEU of its own run's test set, unrounded; null where there is none.</param>
/// <param name="BleuSignature">What that score was computed with; null without a score.</param>
internal sealed record BaseModelRecord(
    string Name,
    string Path,
    string Sha256,
    ModelConfig Config,
    string? Recipe,
    long? Updates,
    double? Bleu,
    string? BleuSignature
)
{
    /// <summary>Its file in a run folder.</summary>
    public const string FileName = "from.json";

    private const int ShownDigits = 12;

    /// <summary>Name, hash and what is known of its training, on one line.</summary>
    public string Line() => $"{Name} ({string.Join(", ", Facts())})";

    /// <summary>What a run is judged by of it.</summary>
    public StartingModel AsEvidence() => new(Name, Line());

    /// <summary>The record in a run folder; null where the run did not begin from a model.</summary>
    /// <exception cref="UserErrorException">The file is damaged.</exception>
    public static BaseModelRecord? In(string run)
    {
        var file = System.IO.Path.Combine(run, FileName);
        return File.Exists(file) ? Json.Read<BaseModelRecord>(file) : null;
    }

    /// <summary>The record of a model that a run is about to begin from.</summary>
    /// <param name="source">The model.</param>
    /// <param name="path">The full path that the recipe names it by.</param>
    internal static BaseModelRecord Of(ModelSource source, string path)
    {
        var results = ResultsOf(source);
        return new BaseModelRecord(
            source.Name,
            path,
            ContentHash.OfFile(source.WeightsPath),
            source.Config,
            source.Run is { } run ? RecipeOf(run) : null,
            results?.Updates ?? source.Update,
            results?.Bleu,
            results?.BleuSignature
        );
    }

    /// <summary>The first digits of a hash, enough to tell models apart.</summary>
    internal static string Short(string sha256) => sha256[..Math.Min(ShownDigits, sha256.Length)];

    private IEnumerable<string> Facts()
    {
        yield return $"SHA-256 {Short(Sha256)}";
        if (Recipe is not null)
        {
            yield return $"recipe {Recipe}";
        }

        if (Updates is { } updates)
        {
            yield return string.Create(CultureInfo.InvariantCulture, $"{updates:N0} updates");
        }

        if (Bleu is { } bleu)
        {
            yield return string.Create(CultureInfo.InvariantCulture, $"BLEU {bleu:0.00} on its own test set");
        }
    }

    private static string RecipeOf(string run) =>
        RecipeReader.Read(System.IO.Path.Combine(run, RunFolder.RecipeName), []).Name;

    /// <summary>The results of a run are of its final model only.</summary>
    private static RunResults? ResultsOf(ModelSource source)
    {
        var results = source.Run is { } run ? System.IO.Path.Combine(run, RunFolder.ResultsName) : null;
        if (!File.Exists(results) || source.Folder != System.IO.Path.Combine(source.Run!, RunFolder.ModelName))
        {
            return null;
        }

        try
        {
            return Json.Read<RunResults>(results);
        }
        catch (UserErrorException)
        {
            return null; // of another version; the model can be used all the same
        }
    }
}
