using System.Text.Json.Serialization;
using TransformerClinic.Common;
using TransformerClinic.Model;
using TransformerClinic.Recipes;
using TransformerClinic.Residuals;

namespace TransformerClinic.Comparisons;

/// <summary>What is compared: a residual variant of both stacks, with the settings that come with it.</summary>
/// <param name="Variant">The variant.</param>
/// <param name="Settings">
/// Keys with values, such as <c>initialization=xavier</c>: keys of a stack are set for both, others by their whole
/// name.
/// </param>
internal sealed record Candidate(ResidualVariant Variant, IReadOnlyList<string> Settings)
{
    /// <summary>The word for all variants.</summary>
    public const string All = "all";

    private const string Training = "training.";
    private const char Joint = '+';

    private static readonly IReadOnlyList<string> Stacks = ["model.encoder.", "model.decoder."];

    /// <summary>As it is written in lists, and in the names of run folders: <c>b2t+initialization=xavier</c>.</summary>
    [JsonIgnore]
    public string Key => string.Join(Joint, [Variant.Key(), .. Settings]);

    /// <summary>In words: <c>B2T (initialization xavier)</c>.</summary>
    [JsonIgnore]
    public string Name =>
        Settings.Count == 0
            ? Variant.Name()
            : $"{Variant.Name()} ({string.Join(", ", Settings.Select(setting => setting.Replace('=', ' ')))})";

    /// <summary>A variant as it is.</summary>
    public static Candidate Of(ResidualVariant variant) => new(variant, []);

    /// <summary>The candidates of a list with commas; <c>all</c> is every variant.</summary>
    /// <param name="list">Such as <c>admin,b2t,b2t+initialization=xavier</c>.</param>
    /// <param name="where">Where it is, for the message.</param>
    /// <exception cref="UserErrorException">There is no such variant or key, or a value is not allowed.</exception>
    public static IReadOnlyList<Candidate> ParseList(string list, string where) =>
        [
            .. list.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries)
                .SelectMany(text => text == All ? Enum.GetValues<ResidualVariant>().Select(Of) : [Parse(text, where)])
                .DistinctBy(candidate => candidate.Key),
        ];

    /// <summary>
    /// The recipe with this variant and these settings; whether its keys fit each other is not checked.
    /// </summary>
    public Recipe PutInto(Recipe recipe) => RecipeReader.PutOver(recipe, Overrides());

    /// <summary>The keys of a recipe that choose it, as <c>key=value</c>.</summary>
    public IReadOnlyList<string> Overrides() =>
        [.. Stacks.Select(stack => $"{stack}variant={Variant.Key()}"), .. Settings.SelectMany(OverridesOf)];

    private static Candidate Parse(string text, string where)
    {
        string[] parts = [.. text.Split(Joint, StringSplitOptions.TrimEntries)];
        var variant = (ResidualVariant)RecipeSchema.Find($"{Stacks[0]}variant", where).Parse(parts[0], where);
        return new Candidate(variant, [.. parts.Skip(1).Select(setting => Checked(setting, where))]);
    }

    private static string Checked(string setting, string where)
    {
        var equals = setting.IndexOf('=', StringComparison.Ordinal);
        if (equals < 1)
        {
            throw new UserErrorException(
                $"{where}: '{setting}' is not a setting; after + comes key=value, such as initialization=xavier."
            );
        }

        var (key, value) = (setting[..equals], setting[(equals + 1)..]);
        if (key == "variant" || !IsOfStack(key) && !key.StartsWith(Training, StringComparison.Ordinal))
        {
            throw new UserErrorException(
                $"{where}: {key} cannot differ between candidates; keys of a stack can (such as initialization, norm, "
                    + "branchSchedule, analytic.power), and those that begin with training."
            );
        }

        RecipeSchema.Find(IsOfStack(key) ? Stacks[0] + key : key, where).Parse(value, where);
        return setting;
    }

    private static bool IsOfStack(string key) => RecipeSchema.Keys.Any(known => known.Path == Stacks[0] + key);

    private static IEnumerable<string> OverridesOf(string setting) =>
        IsOfStack(setting[..setting.IndexOf('=', StringComparison.Ordinal)])
            ? Stacks.Select(stack => stack + setting)
            : [setting];
}
