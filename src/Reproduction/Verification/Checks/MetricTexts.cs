using TransformerClinic.Files;
using TransformerClinic.Reproduction.Verification.Reference;

namespace TransformerClinic.Reproduction.Verification.Checks;

/// <summary>The translations and references of <c>metrics/</c>.</summary>
internal sealed class MetricTexts(ReferenceFolder folder)
{
    private readonly Lazy<IReadOnlyList<string>> _hypotheses = new(() =>
        TextLines.Read(folder.PathOf("metrics/hyp.txt"))
    );
    private readonly Lazy<IReadOnlyList<string>> _references = new(() =>
        TextLines.Read(folder.PathOf("metrics/ref.txt"))
    );

    public IReadOnlyList<string> Hypotheses => _hypotheses.Value;

    public IReadOnlyList<string> References => _references.Value;
}
