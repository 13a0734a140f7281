using System.ComponentModel.DataAnnotations;
using System.Text.Json.Serialization;
using TransformerClinic.Common;

namespace TransformerClinic.Reproduction.SmallTrainings;

/// <summary>The synthetic task: the source read backwards, with each word replaced by its counterpart.</summary>
public sealed record ReversalOptions : IOptionRules
{
    /// <summary>Words of each language.</summary>
    [Range(2, 100_000)]
    public int Words { get; init; } = 16;

    /// <summary>Words of the shortest sentence.</summary>
    [Range(1, 1000)]
    public int Shortest { get; init; } = 2;

    /// <summary>Words of the longest.</summary>
    [Range(1, 1000)]
    public int Longest { get; init; } = 5;

    /// <inheritdoc/>
    IEnumerable<string> IOptionRules.BrokenRules(string section)
    {
        if (Shortest > Longest)
        {
            yield return $"{section}shortest is {Shortest} and {section}longest is {Longest}: the longest sentence "
                + $"cannot "
                + "be shorter than the shortest.";
        }
    }
}

/// <summary>The German and English text that comes with the project.</summary>
public sealed record HelpTextOptions
{
    /// <summary>Merges of the subword model.</summary>
    [Range(1, 100_000)]
    public int Merges { get; init; } = 1000;

    /// <summary>
    /// Pairs with a longer side, in subwords with the end mark, are left out, also from the validation set.
    /// </summary>
    [Range(2, 1000)]
    public int MaxLength { get; init; } = 40;
}

/// <summary>What a small training reads: one of the two.</summary>
public sealed record TrainingText
{
    /// <summary>The synthetic task.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public ReversalOptions? Reversal { get; init; }

    /// <summary>Real text.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public HelpTextOptions? Help { get; init; }

    /// <summary>The synthetic task.</summary>
    public static TrainingText OfReversal(int words = 16, int shortest = 2, int longest = 5) =>
        new()
        {
            Reversal = new()
            {
                Words = words,
                Shortest = shortest,
                Longest = longest,
            },
        };

    /// <summary>Real text.</summary>
    public static TrainingText OfHelp(int merges = 1000, int maxLength = 40) =>
        new()
        {
            Help = new() { Merges = merges, MaxLength = maxLength },
        };
}
