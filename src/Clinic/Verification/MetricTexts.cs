using TransformerClinic.Files;

namespace TransformerClinic.Verification;

/// <summary>The translations and references of <c>metrics/</c>.</summary>
internal sealed class MetricTexts(ReferenceFolder folder)
{
    private readonly Lazy<IReadOnlyList<string>> _hypotheses = new(() => TextLines.Read(folder.PathOf("metrics/hyp.txt")));
    private readonly Lazy<IReadOnlyList<string>> _references = new(() => TextLines.Read(folder.PathOf("metrics/ref.txt")));

    public IReadOnlyList<string> Hypotheses => _hypotheses.Value;

    public IReadOnlyList<string> References => _references.Value;
}
