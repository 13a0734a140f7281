using System.Text;
using TransformerClinic.Documents.Formats;

namespace TransformerClinic.Documents.Tests.Formats.Xliff;

public class XliffFormatTests
{
    private const string First = """
        <?xml version="1.0" encoding="UTF-8"?>
        <xliff version="1.2" xmlns="urn:oasis:names:tc:xliff:document:1.2">
          <file original="a.txt" source-language="de" datatype="plaintext"><header><note>bleibt</note></header>
            <body>
              <trans-unit id="1">
                <source>Ein <g id="1">Haus</g>&lt; mit <x id="2"/>Tür.</source>
              </trans-unit>
              <trans-unit id="2" approved='yes'><source>fertig</source><target state="final">done</target></trans-unit>
              <group translate="no"><trans-unit id="3"><source>nicht</source></trans-unit></group>
              <trans-unit id="4"><source>Eins. Zwei.</source>
                <seg-source><mrk mtype="seg" mid="1">Eins.</mrk> <mrk mtype="seg"
                  mid="2">Zwei <bpt id="1">&lt;b></bpt>da<ept id="1">&lt;/b></ept>.</mrk></seg-source>
                <alt-trans><source>nein</source><target>no</target></alt-trans>
              </trans-unit>
              <trans-unit id="5">
                <source>neu <mrk mtype="protected">ABC</mrk> da</source><target state="new" xml:lang='en'/></trans-unit>
              <trans-unit id="6"><source>42</source></trans-unit>
            </body>
          </file>
        </xliff>
        """;

    private const string Second = """
        <xliff xmlns="urn:oasis:names:tc:xliff:document:2.0" version="2.0" srcLang="de" trgLang="en">
          <file id="f"><unit id="u"><notes><note>x</note></notes>
            <segment id="s1"><source xml:space="preserve">Sag <pc id="1">hallo</pc> <ph id="2"/>!</source></segment>
            <ignorable><source> </source></ignorable>
            <segment state="final"><source>alt</source><target>old</target></segment>
            <segment state="initial">
              <source>neu <sc id="3"/>ja<ec startRef="3"/></source><target>kopie</target></segment>
          </unit><unit id="v" translate="no"><segment><source>nicht</source></segment></unit></file>
        </xliff>
        """;

    [Fact]
    public void Sources_are_segments_and_codes_are_markup()
    {
        Assert.Equal(
            ["Ein <0>Haus</0>< mit <1/>Tür.", "Eins.", "Zwei <0>da</0>.", "neu <0/> da"],
            RoundTrip.Segments("xliff", First)
        );
        Assert.Equal(["Sag <0>hallo</0> <1/>!", "neu <0>ja</0>"], RoundTrip.Segments("xliff", Second));
    }

    [Fact]
    public void Targets_of_version_1_are_filled_and_everything_else_stays()
    {
        const string state = "state=\"needs-review-translation\" state-qualifier=\"mt-suggestion\"";
        var expected = First
            .Replace(
                "Tür.</source>\n",
                "Tür.</source>\n        <target "
                    + state
                    + ">EIN <g id=\"1\">HAUS</g>&lt; MIT <x id=\"2\"/>TÜR.</target>\n",
                StringComparison.Ordinal
            )
            .Replace(
                "</seg-source>",
                "</seg-source><target "
                    + state
                    + "><mrk mtype=\"seg\" mid=\"1\">EINS.</mrk> <mrk mtype=\"seg\"\n          "
                    + "mid=\"2\">ZWEI <bpt id=\"1\">&lt;b>"
                    + "</bpt>DA<ept id=\"1\">&lt;/b></ept>.</mrk></target>",
                StringComparison.Ordinal
            )
            .Replace(
                "<target state=\"new\" xml:lang='en'/>",
                "<target state=\"needs-review-translation\" xml:lang='en' state-qualifier=\"mt-suggestion\">"
                    + "NEU <mrk mtype=\"protected\">ABC</mrk> DA</target>",
                StringComparison.Ordinal
            )
            .Replace(
                "<source>42</source>",
                $"<source>42</source><target {state}>42</target>",
                StringComparison.Ordinal
            );

        Assert.Equal(expected, RoundTrip.Translate("xliff", First, FakeTranslators.Capitals));
        Assert.Equal(
            expected.Replace(
                "source-language=\"de\" datatype=\"plaintext\"",
                "source-language=\"de\" datatype=\"plaintext\" target-language=\"en\"",
                StringComparison.Ordinal
            ),
            RoundTrip.Translate("xliff", First, FakeTranslators.Capitals, new DocumentOptions { TargetLanguage = "en" })
        );
        Assert.Equal(expected, RoundTrip.Translate("xliff", expected, FakeTranslators.Identity));
    }

    [Fact]
    public void Targets_of_version_2_are_filled_and_everything_else_stays() =>
        Assert.Equal(
            Second
                .Replace("<segment id=\"s1\">", "<segment id=\"s1\" state=\"translated\">", StringComparison.Ordinal)
                .Replace(
                    "!</source>",
                    "!</source><target xml:space=\"preserve\">SAG <pc id=\"1\">HALLO</pc> <ph id=\"2\"/>!</target>",
                    StringComparison.Ordinal
                )
                .Replace("state=\"initial\"", "state=\"translated\"", StringComparison.Ordinal)
                .Replace(
                    "<target>kopie</target>",
                    "<target>NEU <sc id=\"3\"/>JA<ec startRef=\"3\"/></target>",
                    StringComparison.Ordinal
                ),
            RoundTrip.Translate("xliff", Second, FakeTranslators.Capitals)
        );

    [Fact]
    public void Targets_that_are_there_are_replaced_only_if_that_is_asked_for()
    {
        var replaced = RoundTrip.Translate(
            "xliff",
            Second,
            FakeTranslators.Capitals,
            new DocumentOptions { ReplaceTargets = true }
        );

        Assert.Contains("<source>alt</source><target>ALT</target>", replaced, StringComparison.Ordinal);
        Assert.Contains("<segment state=\"translated\"><source>alt", replaced, StringComparison.Ordinal);
    }

    [Fact]
    public void Version_2_needs_a_language_for_its_targets()
    {
        var without = Second.Replace(" trgLang=\"en\"", "", StringComparison.Ordinal);

        Assert.Contains("trgLang", RoundTrip.Refusal("xliff", without), StringComparison.Ordinal);
        Assert.Contains(
            "srcLang=\"de\" trgLang=\"fr\">",
            RoundTrip.Translate(
                "xliff",
                without,
                FakeTranslators.Identity,
                new DocumentOptions { TargetLanguage = "fr" }
            ),
            StringComparison.Ordinal
        );
    }

    [Fact]
    public void A_translation_cannot_damage_the_file()
    {
        var translated = RoundTrip.Translate("xliff", Second, FakeTranslators.Saying("a < b & c > d\u0001 ]]>"));

        Assert.Contains("a &lt; b &amp; c &gt; d ]]&gt;", translated, StringComparison.Ordinal);
        Assert.Equal(translated, RoundTrip.Translate("xliff", translated, FakeTranslators.Capitals));
    }

    [Fact]
    public void Utf_16_stays_so()
    {
        byte[] file = [.. Encoding.Unicode.GetPreamble(), .. Encoding.Unicode.GetBytes(Second)];

        Assert.Equal(
            [
                .. Encoding.Unicode.GetPreamble(),
                .. Encoding.Unicode.GetBytes(RoundTrip.Translate("xliff", Second, FakeTranslators.Capitals)),
            ],
            RoundTrip.Translate("xliff", file, FakeTranslators.Capitals)
        );
    }

    [Fact]
    public void What_is_not_xliff_or_not_safe_is_refused()
    {
        Assert.Contains("'tmx'", RoundTrip.Refusal("xliff", "<tmx/>"), StringComparison.Ordinal);
        Assert.Contains("damaged", RoundTrip.Refusal("xliff", First[..300]), StringComparison.Ordinal);
        Assert.Contains(
            "a DTD is not allowed",
            RoundTrip.Refusal(
                "xliff",
                "<!DOCTYPE x [<!ENTITY a \"b\"><!ENTITY c \"&a;&a;&a;\">]><xliff version=\"1.2\">&c;</xliff>"
            ),
            StringComparison.Ordinal
        );
        Assert.Contains(
            "in one another",
            RoundTrip.Refusal(
                "xliff",
                "<xliff>"
                    + string.Concat(Enumerable.Repeat("<group>", 300))
                    + string.Concat(Enumerable.Repeat("</group>", 300))
                    + "</xliff>"
            ),
            StringComparison.Ordinal
        );
    }
}
