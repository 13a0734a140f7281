using System.ComponentModel.DataAnnotations;

namespace TransformerClinic.Scoring.Chrf;

/// <summary>The settings that a chrF score depends on; the defaults are sacreBLEU's.</summary>
public sealed record ChrfOptions
{
    /// <summary>chrF++: words and pairs of words count, too (Popović, 2017).</summary>
    public static ChrfOptions PlusPlus => new() { WordOrder = 2 };

    /// <summary>The longest n-grams of characters.</summary>
    [Range(1, 100)]
    public int CharacterOrder { get; init; } = 6;

    /// <summary>The longest n-grams of words; 0 is plain chrF, 2 chrF++.</summary>
    [Range(0, 100)]
    public int WordOrder { get; init; }

    /// <summary>Recall weighs this number squared times as much as precision.</summary>
    [Range(1, 100)]
    public int Beta { get; init; } = 2;

    /// <summary>Whether upper and lower case are the same.</summary>
    public bool LowerCase { get; init; }

    /// <summary>Whether white space counts as characters.</summary>
    public bool WhiteSpace { get; init; }

    /// <summary>
    /// Whether the mean runs over all orders, as in chrF++.py, where an order without n-grams on one side counts almost
    /// nothing; by default it runs over the orders that both sides have.
    /// </summary>
    public bool EpsilonSmoothing { get; init; }
}
