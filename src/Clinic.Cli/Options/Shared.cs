using System.CommandLine;
using System.Globalization;
using TransformerClinic.Common;
using TransformerClinic.Recipes;

namespace TransformerClinic.Cli.Options;

/// <summary>What several verbs share.</summary>
internal static class Shared
{
    /// <summary>The option that overrides a key of a recipe.</summary>
    public const string SetName = "--set";

    public static Option<bool> Json() =>
        new("--json") { Description = "Prints the result as one JSON object on standard output." };

    public static Option<string[]> Models() =>
        new("--model")
        {
            Description =
                "A model folder, a run folder, or a checkpoint of a run; the probabilities of several models, which "
                + "must have the same subwords, are averaged.",
            Required = true,
        };

    public static Option<string[]> Set() =>
        new(SetName)
        {
            Description = "Overrides a recipe key: --set training.maxUpdates=500 --set seed=2.",
            AllowMultipleArgumentsPerToken = false,
            DefaultValueFactory = _ => [],
        };

    public static Option<DeviceName?> Device() => NamedOption.Of<DeviceName>("--device", "cpu or cuda. Default: cpu.");

    public static Option<int?> Threads(string description) =>
        RangedOption.Of<Recipe, int>(nameof(Recipe.Threads), "--threads", description);

    public static Option<long?> Seed(string description) =>
        RangedOption.Of<long>("--seed", description, long.MinValue, long.MaxValue);

    /// <summary>The option that names rules of sentences.</summary>
    /// <param name="an">How the description begins.</param>
    public static Option<string?> SentenceRules(string an) =>
        new("--sentences")
        {
            Description = $"{an} SRX file by whose rules texts are split into sentences. Default: built-in rules.",
        };

    public static Option<bool> ReferenceCompatible() =>
        new("--reference-compatible")
        {
            Description =
                "Computes as the authors' code does where this project differs (docs/reference.md); other options "
                + "take precedence.",
        };

    /// <summary>The seeds of a list; null for none.</summary>
    public static IReadOnlyList<long>? Seeds(string? list) =>
        list is null
            ? null
            :
            [
                .. Split(list)
                    .Select(seed =>
                        long.TryParse(seed, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var value)
                            ? value
                            : throw new UserErrorException($"--seeds {list}: '{seed}' is not a whole number.")
                    ),
            ];

    /// <summary>The items between commas.</summary>
    public static string[] Split(string list) =>
        list.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries);
}
