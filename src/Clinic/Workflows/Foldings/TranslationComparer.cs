using TransformerClinic.Common;
using TransformerClinic.Decoding;
using TransformerClinic.Model;
using TransformerClinic.Runs;
using TransformerClinic.Runs.Certificates;

namespace TransformerClinic.Workflows.Foldings;

/// <summary>
/// Translates with a model and with its folded form, by the model's own decoding options, and compares.
/// </summary>
internal sealed class TranslationComparer(ModelSource source, int threads, IRunConsole console, CancellationToken stop)
{
    /// <summary>A translation of every line.</summary>
    public IReadOnlyList<Translation> Translate(Transformer model, IReadOnlyList<string> lines, string who)
    {
        using var translator = new Translator(model, source.Subwords, source.Config.Decoding, threads);
        return console.Work(
            $"translating with the {who}",
            "lines",
            lines.Count,
            progress => translator.Translate(lines, new CountProgress(progress), stop)
        );
    }

    /// <summary>
    /// Compares the translations of the original with those of the stored fold; lines where they differ are translated
    /// again in float64.
    /// </summary>
    public TranslationComparison Compare(
        FoldedPair models,
        IReadOnlyList<string> lines,
        IReadOnlyList<Translation> original
    )
    {
        var folded = Translate(models.Stored32, lines, "folded model");
        int[] differing = [.. Enumerable.Range(0, lines.Count).Where(i => !Same(original[i], folded[i]))];
        var sentences = original.Count(translation => translation.Hypotheses.Count > 0);
        var sameInFloat64 = SameInFloat64(models, [.. differing.Select(i => lines[i])]);
        return new TranslationComparison(
            source.Config.Decoding,
            sentences,
            sentences - differing.Length,
            [
                .. differing.Zip(
                    sameInFloat64,
                    (i, same) =>
                        new DifferingTranslation(
                            i + 1,
                            lines[i],
                            original[i].Text,
                            original[i].Score,
                            folded[i].Text,
                            folded[i].Score,
                            same
                        )
                ),
            ]
        );
    }

    private IEnumerable<bool> SameInFloat64(FoldedPair models, IReadOnlyList<string> lines) =>
        lines.Count == 0
            ? []
            : Translate(models.Original, lines, "original in float64")
                .Zip(Translate(models.Folded, lines, "folded model in float64"), Same);

    private static bool Same(Translation one, Translation other) => Best(one).AsSpan().SequenceEqual(Best(other));

    private static int[] Best(Translation translation) => translation.Hypotheses is [var best, ..] ? best.Tokens : [];
}
