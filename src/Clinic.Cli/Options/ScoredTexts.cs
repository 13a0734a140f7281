using TransformerClinic.Common;
using TransformerClinic.Files;

namespace TransformerClinic.Cli.Options;

/// <summary>The translations of one system.</summary>
/// <param name="Name">The file's path as it was given.</param>
/// <param name="Lines">Its lines.</param>
internal sealed record ScoredSystem(string Name, IReadOnlyList<string> Lines);

/// <summary>
/// What <c>clinic score</c> compares: the translations of each system, and the references of each line.
/// </summary>
/// <param name="Systems">The systems, the baseline first.</param>
/// <param name="References">The lines of each file of references.</param>
internal sealed record ScoredTexts(IReadOnlyList<ScoredSystem> Systems, IReadOnlyList<IReadOnlyList<string>> References)
{
    /// <summary>Reads all files.</summary>
    /// <exception cref="UserErrorException">
    /// A file cannot be read, is empty, or does not have as many lines as the others.
    /// </exception>
    public static ScoredTexts Read(IReadOnlyList<string> hypotheses, IReadOnlyList<string> references)
    {
        var systems = hypotheses.Select(path => new ScoredSystem(path, TextLines.Read(path))).ToList();
        var referenceLines = references.Select(TextLines.Read).ToList();
        foreach (var system in systems)
        {
            foreach (var (reference, lines) in references.Zip(referenceLines))
            {
                if (lines.Count != system.Lines.Count)
                {
                    throw new UserErrorException(
                        $"{system.Name} has {system.Lines.Count} lines and {reference} has {lines.Count}: they must "
                            + "match line by line."
                    );
                }
            }

            if (system.Lines.Count == 0)
            {
                throw new UserErrorException($"{system.Name} is empty: there is nothing to score.");
            }
        }

        return new ScoredTexts(systems, referenceLines);
    }
}
