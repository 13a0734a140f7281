using System.Globalization;
using Microsoft.AspNetCore.Http;
using TransformerClinic.Web.Batching;
using TransformerClinic.Web.Models;
using TransformerClinic.Web.Texts;

namespace TransformerClinic.Web.Api.LibreTranslate;

/// <summary><c>POST /translate</c> of LibreTranslate: one text, or an array, which is answered by arrays.</summary>
internal sealed class LibreTranslateTranslation(
    ServedLanguages languages,
    SourceLanguageGuess guess,
    TextTranslator translator,
    MarkupTexts markup,
    ServeOptions options
)
{
    private const string Auto = "auto";

    /// <summary>Answers a request.</summary>
    public async Task<IResult> AnswerAsync(RequestFields fields, CancellationToken stop)
    {
        var texts = TextsOf(fields);
        var source = fields.One("source") ?? throw LibreTranslateRefusals.Missing("source");
        var target = fields.One("target") ?? throw LibreTranslateRefusals.Missing("target");
        var alternatives = AlternativesOf(fields);
        var (pair, detected) = PairOf(source, target, texts);
        var isHtml = IsHtml(fields.One("format") ?? "text");
        using var lease = languages.Lease(pair) ?? throw LibreTranslateRefusals.Pair(pair);
        var (translations, others) = isHtml
            ? (await markup.HtmlAsync(lease.Model, texts, stop), NoAlternatives(texts))
            : await TranslateAsync(lease.Model, texts, alternatives, stop);
        return AdapterJson.Of(
            fields.IsArray("q")
                ? Answer(translations, others, detected is null ? null : Enumerable.Repeat(detected, texts.Count))
                : Answer(translations[0], others[0], detected)
        );

        Dictionary<string, object> Answer(object translated, object other, object? language)
        {
            var answer = new Dictionary<string, object> { ["translatedText"] = translated };
            if (language is not null)
            {
                answer["detectedLanguage"] = language;
            }

            if (alternatives > 0)
            {
                answer["alternatives"] = other;
            }

            return answer;
        }
    }

    private async Task<(string[] Translations, IReadOnlyList<string>[] Others)> TranslateAsync(
        ServedModel model,
        IReadOnlyList<string> texts,
        int alternatives,
        CancellationToken stop
    )
    {
        var order = OrderOf(model, alternatives);
        var results = await translator.TranslateAsync(order, texts, stop);
        return (
            [.. results.Select(result => result.Text)],
            [.. results.Select(result => OtherTranslations.Of(result, order, alternatives))]
        );
    }

    /// <summary>LibreTranslate has none for HTML either.</summary>
    private static IReadOnlyList<string>[] NoAlternatives(IReadOnlyList<string> texts) =>
        [.. texts.Select(_ => Array.Empty<string>())];

    private List<string> TextsOf(RequestFields fields)
    {
        var texts = fields.All("q");
        var limits = options.Limits;
        if (texts.Count == 0 || (!fields.IsArray("q") && texts[0].Length == 0))
        {
            throw LibreTranslateRefusals.Missing("q");
        }

        if (texts.Count > limits.Texts)
        {
            throw LibreTranslateRefusals.TooManyTexts(texts.Count, limits.Texts);
        }

        var longest = texts.Max(text => text.Length);
        return longest > limits.Characters
            ? throw LibreTranslateRefusals.TooManyCharacters(longest, limits.Characters)
            : [.. texts];
    }

    private int AlternativesOf(RequestFields fields)
    {
        var most = options.Limits.Beam - 1;
        return !int.TryParse(
                fields.One("alternatives") ?? "0",
                NumberStyles.AllowLeadingSign,
                CultureInfo.InvariantCulture,
                out var alternatives
            )
                ? throw LibreTranslateRefusals.NotANumber("alternatives")
            : alternatives > most ? throw LibreTranslateRefusals.TooLarge("alternatives", most)
            : Math.Max(0, alternatives);
    }

    private (ServedPair Pair, object? Detected) PairOf(string source, string target, IReadOnlyList<string> texts)
    {
        var to = languages.Target(target) ?? throw LibreTranslateRefusals.Language(target);
        if (source != Auto)
        {
            return (
                new ServedPair(languages.Source(source) ?? throw LibreTranslateRefusals.Language(source), to),
                null
            );
        }

        var found = guess.Of(texts, to) ?? throw LibreTranslateRefusals.Ambiguous(languages.SourcesOf(to));
        return (new ServedPair(found.Language, to), LibreTranslateApi.Detected(found));
    }

    private static bool IsHtml(string format) =>
        format switch
        {
            "text" => false,
            "html" => true,
            _ => throw LibreTranslateRefusals.Format(format),
        };

    /// <summary>The model's own search, unless more alternatives are asked for than that finds.</summary>
    private static TextOrder OrderOf(ServedModel model, int alternatives) =>
        new(model)
        {
            Split = AdapterSplit.Text,
            Settings =
                alternatives < model.Decoding.Beam
                    ? SearchSettings.Default
                    : new SearchSettings { Beam = alternatives + 1 },
        };
}
