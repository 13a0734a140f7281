using TransformerClinic.Common;

namespace TransformerClinic.Scoring;

/// <summary>Lines of translations and of references, which must match.</summary>
internal static class CorpusLines
{
    /// <summary>Refuses a corpus without lines or without references, and references of another length.</summary>
    public static void Check(IReadOnlyList<string> hypotheses, IReadOnlyList<IReadOnlyList<string>> references)
    {
        if (hypotheses.Count == 0 || references.Count == 0)
        {
            throw new UserErrorException(
                "A score needs at least one line of hypotheses and one of references, but there is none."
            );
        }

        foreach (var reference in references.Where(reference => reference.Count != hypotheses.Count))
        {
            throw new UserErrorException(
                $"There are {hypotheses.Count} lines of hypotheses but {reference.Count} of references; line i of one "
                    + "must match line i of the other."
            );
        }
    }
}
