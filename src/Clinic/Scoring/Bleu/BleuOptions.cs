using System.ComponentModel.DataAnnotations;
using TransformerClinic.Common;

namespace TransformerClinic.Scoring.Bleu;

/// <summary>How sentences are split into tokens before n-grams are counted.</summary>
public enum BleuTokenization
{
    /// <summary>The rules of mteval-v13a.pl, usual in publications.</summary>
    Mteval13a,

    /// <summary>No rules: tokens are separated by white space.</summary>
    None,

    /// <summary>The international rules of mteval-v14.pl, by Unicode categories.</summary>
    International,

    /// <summary>Every character that is not white space.</summary>
    Character,
}

/// <summary>What replaces a precision of zero (Chen and Cherry, 2014).</summary>
public enum BleuSmoothing
{
    /// <summary>Their method 3: the k-th order without a match counts 1 / 2^k matches.</summary>
    Exponential,

    /// <summary>Zero stays zero, and so does the score.</summary>
    None,

    /// <summary>
    /// Their method 1: an order without a match counts <see cref="BleuOptions.SmoothingValue"/> matches (0.1).
    /// </summary>
    Floor,

    /// <summary>
    /// Their method 2: <see cref="BleuOptions.SmoothingValue"/> (1) is added to matches and totals above order 1.
    /// </summary>
    AddK,
}

/// <summary>The settings that a BLEU score depends on; the defaults are sacreBLEU's.</summary>
public sealed record BleuOptions : IOptionRules
{
    /// <summary>How sentences are split into tokens.</summary>
    public BleuTokenization Tokenization { get; init; } = BleuTokenization.Mteval13a;

    /// <summary>What replaces a precision of zero.</summary>
    public BleuSmoothing Smoothing { get; init; } = BleuSmoothing.Exponential;

    /// <summary>The value of floor and add-k smoothing, or null for the method's own.</summary>
    [Range(0.0, 1e6)]
    public double? SmoothingValue { get; init; }

    /// <summary>Whether upper and lower case are the same.</summary>
    public bool LowerCase { get; init; }

    /// <summary>Whether to leave out orders that the hypothesis is too short for; meant for single sentences.</summary>
    public bool EffectiveOrder { get; init; }

    /// <inheritdoc/>
    IEnumerable<string> IOptionRules.BrokenRules(string section)
    {
        if (SmoothingValue is { } value && Smoothing is not (BleuSmoothing.Floor or BleuSmoothing.AddK))
        {
            yield return FormattableString.Invariant($"{section}smoothingValue is {value} and {section}smoothing is ")
                + $"{OptionKey.Format(Smoothing)}: only floor and add-k smoothing have a value.";
        }
    }
}
