using TransformerClinic.Decoding;
using TransformerClinic.Model;
using TransformerClinic.Recipes;
using TransformerClinic.Training.Profiling;

namespace TransformerClinic.Runs;

/// <summary>What a model folder's <c>config.json</c> says.</summary>
/// <param name="Format">Version of the layout.</param>
/// <param name="SourceLanguage">Source language.</param>
/// <param name="TargetLanguage">Target language.</param>
/// <param name="Vocabulary">Size of the joint vocabulary.</param>
/// <param name="Model">The model's shape.</param>
/// <param name="Decoding">How the recipe translates; the default of <c>clinic translate</c>.</param>
/// <param name="Profile">What Admin's profiling set before training; null for models without Admin connections.</param>
internal sealed record ModelConfig(
    int Format,
    string SourceLanguage,
    string TargetLanguage,
    int Vocabulary,
    ModelOptions Model,
    DecodingOptions Decoding,
    AdminProfile? Profile
)
{
    /// <summary>The configuration of a recipe's model.</summary>
    public static ModelConfig Of(Recipe recipe, int vocabulary, AdminProfile? profile) =>
        new(
            TrainedModel.Format,
            recipe.Data.SourceLanguage,
            recipe.Data.TargetLanguage,
            vocabulary,
            recipe.Model,
            recipe.Decoding,
            profile
        );
}
