using System.Text;
using CsCheck;
using TransformerClinic.Common;
using TransformerClinic.Documents.Segments.Sentences;

namespace TransformerClinic.Documents.Tests.Segments.Sentences;

public class SegmentationRulesTests
{
    private const string Rules = """
        <languagerule languagerulename="Exceptions">
          <rule break="no"><beforebreak>\bNr\.</beforebreak><afterbreak>\s</afterbreak></rule>
        </languagerule>
        <languagerule languagerulename="Stops">
          <rule break="yes"><beforebreak>[\.\?!]++</beforebreak><afterbreak>\s</afterbreak></rule>
        </languagerule>
        """;

    private const string Map = """
        <languagemap languagepattern="DE.*" languagerulename="Exceptions"/>
        <languagemap languagepattern=".*" languagerulename="Stops"/>
        """;

    [Fact]
    public void With_cascade_all_rules_that_fit_a_language_apply() =>
        Assert.Equal(["Siehe Nr. 5.", "Gut."], Split(Srx(Rules, Map), "de-AT", "Siehe Nr. 5. Gut."));

    [Fact]
    public void Without_cascade_the_first_that_fits_applies()
    {
        Assert.Equal(["Siehe Nr. 5. Gut."], Split(Srx(Rules, Map, cascade: "no"), "de", "Siehe Nr. 5. Gut."));
        Assert.Equal(["Siehe Nr.", "5.", "Gut."], Split(Srx(Rules, Map, cascade: "no"), "en", "Siehe Nr. 5. Gut."));
    }

    [Fact]
    public void The_first_rule_that_matches_at_a_place_decides()
    {
        const string rules = """
            <languagerule languagerulename="All">
              <rule><beforebreak>!</beforebreak><afterbreak>\s</afterbreak></rule>
              <rule break="no"><beforebreak>[!.]</beforebreak></rule>
              <rule break="yes"><beforebreak>[!.;]</beforebreak><afterbreak>\s</afterbreak></rule>
            </languagerule>
            """;

        Assert.Equal(
            ["a!", "b. c;", "d"],
            Split(Srx(rules, """<languagemap languagepattern=".*" languagerulename="All"/>"""), "xx", "a! b. c; d")
        );
    }

    [Fact]
    public void A_language_without_rules_is_refused_with_what_to_add() =>
        Says(
            "rules.srx: no languagemap fits the language \"fr\". Add one to maprules; the languagepattern \".*\" fits "
                + "every language.",
            () => Read(Srx(Rules, Map.Split('\n')[0])).For("fr")
        );

    [Theory]
    [InlineData("<beforebreak>(</beforebreak>", "rule 1 of \"A\" (line 3): beforebreak is not an expression: ")]
    [InlineData(@"<afterbreak>\p{Klingon}</afterbreak>", "the property \"Klingon\" is not supported")]
    [InlineData(@"<afterbreak>[a-</afterbreak>", "a set [...] is not closed")]
    [InlineData("", "rule 1 of \"A\" (line 3) has neither beforebreak nor afterbreak")]
    [InlineData("<afterbreak>a</afterbreak><afterbreak>b</afterbreak>", "has 2 elements afterbreak; it may have one")]
    public void A_wrong_rule_is_named(string content, string message) =>
        Says(
            message,
            () => Read(Srx($"""<languagerule languagerulename="A"><rule>{content}</rule></languagerule>""", ""))
        );

    [Theory]
    [InlineData("", "rules.srx: this cannot be read as SRX: Root element is missing.")]
    [InlineData("<tmx/>", "rules.srx, line 1: this is not an SRX file: its root is \"tmx\", not \"srx\".")]
    [InlineData("<srx version='1.0'/>", "rules.srx, line 1: this is SRX version 1.0; version 2.0 is read.")]
    [InlineData("<srx version='2.0'/>", "rules.srx, line 1: the element srx has no element header.")]
    [InlineData("<!DOCTYPE a [<!ENTITY b 'c'>]><srx>&b;</srx>", "DTD is prohibited")]
    public void What_is_not_srx_is_refused(string text, string message) => Says(message, () => Read(text));

    [Fact]
    public void Rules_that_the_map_names_must_exist() =>
        Says(
            "rules.srx, line 6: the languagemap names rules \"B\", which the file does not have.",
            () => Read(Srx("", """<languagemap languagepattern=".*" languagerulename="B"/>"""))
        );

    [Fact]
    public void A_file_larger_than_8_million_characters_is_refused() =>
        Says("at most 8 million characters", () => Read(Srx("", "") + new string(' ', 9 << 20)));

    [Fact]
    public void A_missing_file_is_named() =>
        Says("none.srx: there is no such file.", () => SegmentationRules.Load("none.srx"));

    [Fact]
    public void An_expression_that_would_never_end_ends_with_a_message()
    {
        var splitter = Read(
                Srx(
                    """
                    <languagerule languagerulename="A">
                    <rule><beforebreak>^(\w+\s?)+;</beforebreak></rule></languagerule>
                    """,
                    """<languagemap languagepattern=".*" languagerulename="A"/>"""
                )
            )
            .For("de");

        Says(
            "rules.srx: the rules take more than 2 s for a text of 60 characters; the last one tried was rule 1 of "
                + "\"A\" (line ",
            () => splitter.Split($"-{new string('a', 58)};")
        );
    }

    [Fact]
    public void When_the_time_is_up_for_all_matches_together_no_more_are_tried()
    {
        var rule = new SrxRule(true, "a", "", "rule 1", TimeSpan.FromSeconds(10));
        var splitter = new SentenceSplitter("rules.srx", [rule], TimeSpan.FromHours(-1));

        Says("for a text of 3 characters; the last one tried was rule 1.", () => splitter.Split("a b"));
    }

    [Fact]
    public void Damage_anywhere_is_a_message_or_does_no_harm()
    {
        var whole = Srx(Rules, Map);
        Gen.Select(Gen.Int[0, whole.Length - 1], Gen.Char[' ', '~'])
            .Array[1, 4]
            .Sample(changes =>
            {
                var text = whole.ToCharArray();
                foreach (var (place, letter) in changes)
                {
                    text[place] = letter;
                }

                try
                {
                    Read(new string(text)).For("de").Split("Siehe Nr. 5. Gut. Oder?");
                }
                catch (UserErrorException exception)
                {
                    Assert.StartsWith("rules.srx", exception.Message);
                }
            });
    }

    private static string Srx(string rules, string map, string cascade = "yes") =>
        $"""
            <srx xmlns="http://www.lisa.org/srx20" version="2.0">
            <header segmentsubflows="yes" cascade="{cascade}"></header>
            <body><languagerules>{rules}
            </languagerules>

            <maprules>{map}</maprules></body></srx>
            """;

    private static SegmentationRules Read(string text) =>
        SrxReader.Read(new MemoryStream(Encoding.UTF8.GetBytes(text)), "rules.srx");

    private static IEnumerable<string> Split(string srx, string language, string text) =>
        Read(srx).For(language).Split(text).Select(sentence => sentence.Of(text));

    private static void Says(string message, Action work) =>
        Assert.Contains(message, Assert.Throws<UserErrorException>(work).Message);
}
