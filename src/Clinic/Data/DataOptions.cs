using System.ComponentModel.DataAnnotations;
using TransformerClinic.Common;

namespace TransformerClinic.Data;

/// <summary>
/// Where the parallel text is. Each set is one tab-separated file (source, tab, target), two files with one sentence
/// per line, or a file that translators exchange (TMX, XLIFF); or several of these, one after the other. In a recipe,
/// relative paths start at the recipe's folder.
/// </summary>
public sealed record DataOptions : IOptionRules
{
    /// <summary>
    /// Source language, for signatures and reports; of a file with several languages, such as TMX, the one to take.
    /// </summary>
    public string SourceLanguage { get; init; } = LanguagePair.UnnamedSource;

    /// <summary>Target language, the same.</summary>
    public string TargetLanguage { get; init; } = LanguagePair.UnnamedTarget;

    /// <summary>Training pairs; only here corpora may have weights.</summary>
    public ParallelFiles Train { get; init; } = ParallelFiles.None;

    /// <summary>Validation pairs.</summary>
    public ParallelFiles Valid { get; init; } = ParallelFiles.None;

    /// <summary>Test pairs; without them nothing is translated and scored at the end.</summary>
    public ParallelFiles Test { get; init; } = ParallelFiles.None;

    /// <summary>
    /// A folder with the training set that <c>clinic prepare</c> has stored; empty: every run stores its own.
    /// </summary>
    public string Prepared { get; init; } = "";

    /// <summary>What to tell someone who does not have the files: where they come from and where to put them.</summary>
    public string Obtain { get; init; } = "";

    /// <summary>
    /// Training pairs with a side longer than this, in subwords with the end mark, are dropped (and counted).
    /// </summary>
    [Range(2, 100_000)]
    public int MaxLength { get; init; } = 175;

    /// <summary>
    /// Training pairs whose longer side has more than this many times the subwords of the shorter are dropped (and
    /// counted).
    /// </summary>
    [Range(1.0, 1000.0)]
    public double MaxLengthRatio { get; init; } = 9.0;

    /// <summary>Requires that the files of a set are there.</summary>
    /// <param name="key">The set's key.</param>
    /// <param name="files">The files.</param>
    /// <param name="baseFolder">Where relative paths start.</param>
    /// <exception cref="UserErrorException">One is missing.</exception>
    internal void Require(string key, ParallelFiles files, string baseFolder)
    {
        if (files.Missing(baseFolder) is { } missing)
        {
            throw new UserErrorException($"{key}: {missing} {Obtain}".TrimEnd());
        }
    }

    /// <inheritdoc/>
    IEnumerable<string> IOptionRules.BrokenRules(string section)
    {
        if (Train.IsNone)
        {
            yield return Unset("train", "training");
        }

        if (Valid.IsNone)
        {
            yield return Unset("valid", "validation");
        }

        if (Train.Corpora.FirstOrDefault(corpus => !corpus.IsWeightAllowed) is { } unusual)
        {
            yield return FormattableString.Invariant(
                $"{section}train: {unusual} has the weight {unusual.Weight}; a weight is above 0 and at most 1000."
            );
        }

        foreach (var (key, files) in new[] { ("valid", Valid), ("test", Test) })
        {
            if (files.Corpora.FirstOrDefault(corpus => !corpus.Weight.Equals(1)) is { } weighted)
            {
                yield return FormattableString.Invariant(
                    $"{section}{key}: {weighted} has the weight {weighted.Weight}, but only training text is weighted."
                );
            }
        }

        string Unset(string key, string set) =>
            $"{section}{key} is not set; it names the file with the {set} pairs. {Obtain}".TrimEnd();
    }
}
