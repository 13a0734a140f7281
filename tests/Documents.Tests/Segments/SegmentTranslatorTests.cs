using TransformerClinic.Documents.Segments;
using TransformerClinic.Documents.Segments.Sentences;

namespace TransformerClinic.Documents.Tests.Segments;

public class SegmentTranslatorTests
{
    private static readonly SentenceSplitter German = SegmentationRules.BuiltIn().For("de");

    [Theory]
    // Around a word, wherever it went; punctuation outside stays outside.
    [InlineData("Klicken Sie auf ⟦1·OK·1⟧.", "⟦1·OK·1⟧. AUF SIE KLICKEN")]
    [InlineData("Die ⟦1·Datei öffnen·1⟧ jetzt", "JETZT ⟦1·ÖFFNEN DATEI·1⟧ DIE")]
    [InlineData("Die (⟦1·alte·1⟧) Datei", "DATEI (⟦1·ALTE·1⟧) DIE")]
    [InlineData("Die ⟦1·(alte)·1⟧ Datei", "DATEI ⟦1·(ALTE)·1⟧ DIE")]
    // At the ends of the segment and of its sentences.
    [InlineData("⟦1·Alles ist neu.·1⟧", "⟦1·NEU. IST ALLES·1⟧")]
    [InlineData(" ⟦1· Alles neu. ·1⟧ ", " ⟦1· NEU. ALLES ·1⟧ ")]
    [InlineData("⟦1·Eins zwei.·1⟧  ⟦2·Drei vier.·2⟧", "⟦1·ZWEI. EINS·1⟧  ⟦2·VIER. DREI·2⟧")]
    [InlineData("Eins zwei. ⟦1⟧ Drei vier.", "ZWEI. EINS ⟦1⟧ VIER. DREI")]
    [InlineData("⟦1⟧Eins zwei.⟦2⟧", "⟦1⟧ZWEI. EINS⟦2⟧")]
    [InlineData("Eins ⟦1·zwei. Drei·1⟧ vier.", "⟦1·ZWEI. EINS VIER. DREI·1⟧")]
    // Nested.
    [InlineData("⟦1·Das ⟦2·ist·2⟧ gut·1⟧ so", "SO ⟦1·GUT ⟦2·IST·2⟧ DAS·1⟧")]
    // By itself: next to what it touches, or before what followed.
    [InlineData("Das Bild⟦1⟧ ist hier", "HIER IST BILD⟦1⟧ DAS")]
    [InlineData("Das ⟦1⟧Bild ist hier", "HIER IST ⟦1⟧BILD DAS")]
    [InlineData("Das ⟦1⟧ Bild", "⟦1⟧ BILD DAS")]
    [InlineData("Klicken Sie auf ⟦1⟧.", ". AUF SIE KLICKEN ⟦1⟧")]
    // Between words that only markup separates.
    [InlineData("Eins⟦1⟧Zwei", "ZWEI⟦1⟧EINS")]
    [InlineData("Eins.⟦1⟧Zwei.", "EINS.⟦1⟧ZWEI.")]
    // Without text.
    [InlineData("Das ⟦1··1⟧Ziel ist", "IST ⟦1··1⟧ZIEL DAS")]
    [InlineData("Das ⟦1·⟦2⟧·1⟧ Ziel", "⟦1·⟦2⟧·1⟧ ZIEL DAS")]
    // Nothing to translate.
    [InlineData(" ⟦1·12 + 3·1⟧ ", " ⟦1·12 + 3·1⟧ ")]
    [InlineData("⟦1·https://example.org/a·1⟧", "⟦1·https://example.org/a·1⟧")]
    public void Markup_goes_where_its_words_go(string source, string expected) =>
        Assert.Equal(
            expected,
            SegmentShapes.Written(Translated(MadeUpTranslator.Backward(), SegmentShapes.Of(source)).Text)
        );

    [Fact]
    public void Words_that_only_a_line_break_separates_stay_separated_by_it_only() =>
        Assert.Equal(
            "EINS⟦1⟧ZWEI DREI",
            SegmentShapes.Written(Translated(MadeUpTranslator.Capitals(), SegmentShapes.Of("Eins⟦1⟧Zwei drei")).Text)
        );

    [Fact]
    public void Placeholders_are_sent_as_words_that_models_copy()
    {
        var translator = MadeUpTranslator.Backward();

        var translated = Translated(translator, SegmentShapes.Of("Die ⟦1·Datei {name}·1⟧ von %s fehlt."));

        Assert.Equal("FEHLT. %s VON ⟦1·{name} DATEI·1⟧ DIE", SegmentShapes.Written(translated.Text));
        Assert.Equal(["Die Datei A1 von B2 fehlt."], Assert.Single(translator.Calls));
        Assert.Empty(translated.Notes);
    }

    [Fact]
    public void Placeholders_that_the_model_loses_are_put_between_the_translations_of_what_is_around_them()
    {
        var translator = new MadeUpTranslator(text => new TranslatedSentence(
            text.Replace("A1", "A2", StringComparison.Ordinal).ToUpperInvariant(),
            []
        ));

        var translated = Translated(translator, SegmentShapes.Of("Die Datei {name} fehlt. Schade."));

        Assert.Equal("DIE DATEI {name} FEHLT. SCHADE.", SegmentShapes.Written(translated.Text));
        Assert.Equal(
            [
                ["Die Datei A1 fehlt.", "Schade."],
                ["Die Datei", "fehlt."],
            ],
            translator.Calls
        );
        Assert.Equal(["placeholders: reinserted"], translated.Notes);
    }

    [Fact]
    public void A_sentence_that_cannot_be_translated_stays_and_is_noted()
    {
        var translator = new MadeUpTranslator(text =>
            text.StartsWith("Zwei", StringComparison.Ordinal)
                ? new TranslatedSentence("", [], "it is too long")
                : new TranslatedSentence(text.ToUpperInvariant(), [])
        );

        var translated = Translated(translator, SegmentShapes.Of("Eins ist da. Zwei ⟦1·ist⟦2⟧weg·1⟧. Drei ist da."));

        Assert.Equal("EINS IST DA. Zwei ⟦1·ist⟦2⟧weg·1⟧. DREI IST DA.", SegmentShapes.Written(translated.Text));
        Assert.Equal(["untranslated: it is too long"], translated.Notes);
    }

    [Fact]
    public void An_empty_translation_is_noted_and_loses_nothing()
    {
        var translated = Translated(
            new MadeUpTranslator(_ => new TranslatedSentence("", [])),
            new MarkedText("Hallo.")
        );

        Assert.Equal("Hallo.", translated.Text.Plain);
        Assert.Equal(["untranslated: the translation is empty"], translated.Notes);
    }

    [Fact]
    public void All_sentences_of_all_segments_are_one_call()
    {
        var translator = MadeUpTranslator.Capitals();

        All(translator, [new MarkedText("Eins. Zwei."), new MarkedText("3"), new MarkedText("Vier\nfünf.")]);

        Assert.Equal(["Eins.", "Zwei.", "Vier fünf."], Assert.Single(translator.Calls));
        Assert.Equal([false], translator.Aligned);
    }

    [Fact]
    public void Alignments_are_asked_for_only_where_markup_is_inside_a_sentence()
    {
        var translator = MadeUpTranslator.Capitals();

        Translated(translator, SegmentShapes.Of("⟦1·Eins.·1⟧ Zwei."));
        Translated(translator, SegmentShapes.Of("⟦1·Eins·1⟧ zwei."));

        Assert.Equal([false, true], translator.Aligned);
    }

    [Fact]
    public void Sentences_that_touch_are_separated_in_languages_with_spaces()
    {
        var segment = new MarkedText("你好。世界很大！");

        Assert.Equal("Hi. Hi.", Translated(Hi(), segment, "zh").Text.Plain);
        Assert.Equal("Hi.Hi.", Translated(Hi(), segment, "zh", "ja").Text.Plain);

        static MadeUpTranslator Hi() => new(_ => new TranslatedSentence("Hi.", []));
    }

    [Fact]
    public void A_sentence_that_is_too_long_is_translated_in_parts_and_noted()
    {
        var translator = MadeUpTranslator.Capitals();
        var bound = new LongSentences(text => text.Split(' ').Length, 4);

        var translated = All(translator, [new MarkedText("Eins zwei drei, vier fünf; sechs sieben.")], bound: bound)[0];

        Assert.Equal("EINS ZWEI DREI, VIER FÜNF; SECHS SIEBEN.", translated.Text.Plain);
        Assert.Equal(["Eins zwei drei,", "vier fünf; sechs sieben."], Assert.Single(translator.Calls));
        Assert.Equal(["sentence: longer than 4 subwords, translated in 2 parts"], translated.Notes);
    }

    [Fact]
    public async Task A_canceled_token_ends_the_work() =>
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() =>
            new SegmentTranslator(MadeUpTranslator.Capitals(), German, "en").TranslateAsync(
                [new MarkedText("Eins.")],
                new CancellationToken(true)
            )
        );

    internal static TranslatedSegment Translated(
        ISentenceTranslator translator,
        MarkedText segment,
        string language = "de",
        string targetLanguage = "en"
    ) => All(translator, [segment], language, targetLanguage)[0];

    internal static IReadOnlyList<TranslatedSegment> All(
        ISentenceTranslator translator,
        IReadOnlyList<MarkedText> segments,
        string language = "de",
        string targetLanguage = "en",
        LongSentences? bound = null
    ) =>
        new SegmentTranslator(
            translator,
            language == "de" ? German : SegmentationRules.BuiltIn().For(language),
            targetLanguage,
            bound
        )
            .TranslateAsync(segments, CancellationToken.None)
            .GetAwaiter()
            .GetResult();
}
