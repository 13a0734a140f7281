using TransformerClinic.Model;
using TransformerClinic.Recipes;
using TransformerClinic.Residuals;

namespace TransformerClinic.Workflows.FineTuning;

/// <summary>
/// In what a recipe's model differs from a trained one so that its weights cannot be taken over. Dropout may differ,
/// and so may <c>model.maxPositions</c>, because sinusoids have no weights; so may what the variant does not read.
/// </summary>
internal static class ModelDifferences
{
    private const string Section = "model.";

    private static readonly string[] Free =
    [
        "model.dropout",
        "model.attentionDropout",
        "model.activationDropout",
        "model.maxPositions",
    ];

    /// <summary>The differences, each with its key and both values; none if the weights fit.</summary>
    public static IReadOnlyList<string> Of(ModelOptions trained, ModelOptions asked) =>
        [
            .. from pair in Values(trained).Zip(Values(asked))
            let key = pair.First.Key
            where
                !pair.First.Value.Equals(pair.Second.Value) && Matters(key, StackOf(trained, key), StackOf(asked, key))
            let values = (Trained: RecipeKey.Format(pair.First.Value), Asked: RecipeKey.Format(pair.Second.Value))
            select $"{key} is {values.Trained} in the model and {values.Asked} in the recipe",
        ];

    private static IEnumerable<KeyValuePair<string, object>> Values(ModelOptions model) =>
        RecipeSchema
            .Values(new Recipe { Model = model })
            .Where(value => value.Key.StartsWith(Section, StringComparison.Ordinal));

    private static StackOptions? StackOf(ModelOptions model, string key) =>
        key.StartsWith("model.encoder.", StringComparison.Ordinal) ? model.Encoder
        : key.StartsWith("model.decoder.", StringComparison.Ordinal) ? model.Decoder
        : null;

    private static bool Matters(string key, StackOptions? trained, StackOptions? asked) =>
        key.Contains(".analytic.", StringComparison.Ordinal) ? asked!.Residuals.ReadsAnalytic
        : key.EndsWith(".firstOmega", StringComparison.Ordinal) ? FirstOmegaWouldBeLost(trained!, asked!)
        : !Free.Contains(key);

    /// <summary>
    /// A first omega that was trained cannot be frozen at 1; one that was frozen at 1 can be trained from there.
    /// </summary>
    private static bool FirstOmegaWouldBeLost(StackOptions trained, StackOptions asked) =>
        asked.Residuals.ReadsFirstOmega && trained.FirstOmega == FirstOmega.Trainable;
}
