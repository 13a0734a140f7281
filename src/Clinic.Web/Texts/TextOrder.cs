using TransformerClinic.Web.Batching;
using TransformerClinic.Web.Models;

namespace TransformerClinic.Web.Texts;

/// <summary>How texts are to be translated.</summary>
/// <param name="Model">The model.</param>
internal sealed record TextOrder(ServedModel Model)
{
    /// <summary>How to search.</summary>
    public SearchSettings Settings { get; init; } = SearchSettings.Default;

    /// <summary>What of a text is translated as one sentence.</summary>
    public TextSplit Split { get; init; }

    /// <summary>What every sentence's translation must contain, if its text is to.</summary>
    public IReadOnlyList<string> Required { get; init; } = [];

    /// <summary>What no translation may contain.</summary>
    public IReadOnlyList<string> Banned { get; init; } = [];

    /// <summary>
    /// Whether placeholders come through exactly once: a sentence whose translation would change them is translated
    /// around them. Lines and whole texts are as <c>clinic translate</c> has them, unless it is set.
    /// </summary>
    public bool KeepsPlaceholders
    {
        get => field || (Split is TextSplit.Sentences or TextSplit.LineSentences && Required.Count + Banned.Count == 0);
        init;
    }

    /// <summary>What happens when the queue is full.</summary>
    public Admission Admission { get; init; } = Admission.RefuseWhenFull;
}
