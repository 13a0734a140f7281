using Microsoft.AspNetCore.Http;
using TransformerClinic.Decoding;
using TransformerClinic.Web.Batching;
using TransformerClinic.Web.Models;
using TransformerClinic.Web.Security;
using TransformerClinic.Web.Texts;

namespace TransformerClinic.Web.Api.OpusCat;

/// <summary>Translates for OPUS-CAT's clients: one segment per request.</summary>
internal sealed class OpusCatTranslation(OpusCatModels models, TextTranslator translator, ServeOptions options)
{
    /// <summary>A translation without its words.</summary>
    public async Task<string> TextAsync(RequestFields fields, CancellationToken stop) =>
        (await TranslateAsync(fields, attention: false, stop)).Result.Text;

    /// <summary>A translation with its words and which of them belong together.</summary>
    public async Task<OpusCatPair> PairAsync(RequestFields fields, CancellationToken stop)
    {
        var (result, model) = await TranslateAsync(fields, attention: true, stop);
        var alignment = Alignment(result, model).ToList();
        return new OpusCatPair
        {
            Text = result.Text,
            SegmentedSourceSentence = Marked(fields.One("input") ?? ""),
            SegmentedTranslation = Marked(result.Text),
            SegmentedAlignmentSourceToTarget = Grouped(alignment),
            SegmentedAlignmentTargetToSource = Grouped(alignment.Select(pair => (pair.Target, pair.Source))),
            AlignmentString = AttentionAlignment.Text(alignment),
        };
    }

    private async Task<(TextResult Result, ServedModel Model)> TranslateAsync(
        RequestFields fields,
        bool attention,
        CancellationToken stop
    )
    {
        var text = fields.One("input") ?? "";
        TextLimits.Check([text], options.Limits);
        using var lease =
            models.Lease(fields.One("srcLangCode"), fields.One("trgLangCode"), fields.One("modelTag"))
            ?? throw new Refusal(
                StatusCodes.Status404NotFound,
                models.StatusOf(fields.One("srcLangCode"), fields.One("trgLangCode"), tag: null),
                "model"
            );
        var isSegment =
            fields.One("inputIsSingleSentence")?.Equals("false", StringComparison.OrdinalIgnoreCase) != true;
        var order = new TextOrder(lease.Model)
        {
            Split = isSegment ? AdapterSplit.Segment : AdapterSplit.Text,
            KeepsPlaceholders = true,
            Settings = new SearchSettings { Attention = attention },
        };
        return ((await translator.TranslateAsync(order, [text], stop))[0], lease.Model);
    }

    /// <summary>Pairs of words of the whole text: words are counted on from sentence to sentence.</summary>
    private static IEnumerable<(int Source, int Target)> Alignment(TextResult result, ServedModel model)
    {
        var (sources, targets) = (0, 0);
        foreach (var sentence in result.Sentences)
        {
            if (sentence is { AroundPlaceholders: null, Result.Hypotheses: [var best, ..] })
            {
                foreach (var (source, target) in AttentionAlignment.Of(model.Subwords, sentence.Result.Source, best))
                {
                    yield return (sources + source, targets + target);
                }
            }

            sources += Words(sentence.Source).Length;
            targets += Words(sentence.Text).Length;
        }
    }

    private static Dictionary<int, IReadOnlyList<int>> Grouped(IEnumerable<(int From, int To)> pairs) =>
        pairs
            .GroupBy(pair => pair.From, pair => pair.To)
            .OrderBy(group => group.Key)
            .ToDictionary(group => group.Key, group => (IReadOnlyList<int>)[.. group]);

    private static List<string> Marked(string text) => [.. Words(text).Select(word => $"\u2581{word}")];

    private static string[] Words(string text) => text.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries);
}
