using static TransformerClinic.Tests.Data.Exchange.ExchangeText;

namespace TransformerClinic.Tests.Data.Exchange.Xliff;

public class XliffReaderTests
{
    [Fact]
    public void Version_1_is_read_through_files_and_groups()
    {
        const string Text = """
            <?xml version="1.0"?>
            <xliff version="1.2" xmlns="urn:oasis:names:tc:xliff:document:1.2">
            <file original="a" source-language="en-US" target-language="de-DE" datatype="plaintext">
            <header><skl><internal-file><source>no</source></internal-file></skl></header>
            <body>
            <trans-unit id="1"><source>one</source><target>eins</target></trans-unit>
            <group><group>
            <trans-unit id="2"><source>two <g id="1">big</g><x id="2"/></source>
            <target state="translated">zwei <g id="1">große</g></target>
            <alt-trans><source>no</source><target>nein</target></alt-trans><note>no</note></trans-unit>
            </group></group>
            <bin-unit id="3"><trans-unit id="no"><source>no</source><target>nein</target></trans-unit></bin-unit>
            </body></file>
            <file source-language="en-US" target-language="de-DE"><body>
            <trans-unit id="1"><source>three</source>
            <target xml:lang="de-DE">drei<ph id="1">%d</ph></target></trans-unit>
            </body></file></xliff>
            """;
        var read = Read(Text);
        Assert.Equal([("one", "eins"), ("two big", "zwei große"), ("three", "drei")], read.Texts());
        Assert.Equal([6, 8, 15], read.Lines);
        Assert.Equal(("en-US", "de-DE"), read.Languages);
        Assert.Equal(
            ("without inline tags, 4 in all", 2),
            Assert.Single(read.Ledger.Changed!.Select(entry => (entry.Reason, entry.Count)))
        );
        Assert.Equal(("eins", "one"), Read(Text, "de", "en").Texts().First());
    }

    [Fact]
    public void What_is_not_translated_is_counted_with_the_reason()
    {
        var text = First(
            "<trans-unit><source>a</source></trans-unit>"
                + "<trans-unit><source>a</source><target/></trans-unit>"
                + "<trans-unit><source>a</source><target> <x/> </target></trans-unit>"
                + "<trans-unit><source>a</source><target state='new'>a</target></trans-unit>"
                + "<trans-unit><source>a</source><target state='needs-translation'>b</target></trans-unit>"
                + "<trans-unit restype='x-gettext-domain-header'><source>a</source><target>b</target></trans-unit>"
                + "<trans-unit approved='no'><source>a</source><target state='needs-review-translation'>b</target>"
                + "</trans-unit>"
        );
        var ledger = Read(text).Ledger;
        Assert.Equal((7, 1), (ledger.Read, ledger.Kept));
        Assert.Equal(
            [
                ("not translated", 3),
                ("in the state needs-translation", 1),
                ("in the state new", 1),
                ("with the header of a gettext file", 1),
            ],
            ledger.Dropped.Select(entry => (entry.Reason, entry.Count))
        );
        Assert.Equal(
            "memory.tmx: no unit can be used as a pair of en and de. memory.tmx: 0 of 1 pairs kept; dropped: 1 not "
                + "translated (first: line 1). Languages here: en (1 text), de (1 text). Name the two "
                + "languages: data.sourceLanguage, data.targetLanguage.",
            Refusal(First("<trans-unit><source>a</source></trans-unit>"))
        );
    }

    [Fact]
    public void Segments_of_version_1_are_pairs_by_their_numbers()
    {
        const string Source =
            "<source>One. Two. Three.</source><seg-source><g id='1'><mrk mtype='seg' mid='1'>One.</mrk> "
            + "<mrk mtype='seg' mid='2'>T<x/>wo.</mrk></g> <mrk mtype='seg' mid='3'>Three.</mrk></seg-source>";
        var read = Read(
            First(
                $"<trans-unit>{Source}<target><mrk mtype='seg' mid='2'>Zwei.</mrk> <g>"
                    + "<mrk mtype='seg' mid='1'>Eins.</mrk></g><mrk mtype='seg' mid='3'/></target></trans-unit>"
                    + $"<trans-unit>{Source}<target>Eins. <mrk mtype='seg' mid='2'>Zwei.</mrk></target></trans-unit>"
                    + "<trans-unit><source>a <mrk mtype='term'>b</mrk></source><target>c</target></trans-unit>"
            )
        );
        Assert.Equal(
            [("One.", "Eins."), ("Two.", "Zwei."), ("One. Two. Three.", "Eins. Zwei."), ("a b", "c")],
            read.Texts()
        );
        Assert.Equal((5, 4), (read.Ledger.Read, read.Ledger.Kept));
        Assert.Equal(
            ("without inline tags, 4 in all", 3),
            Assert.Single(read.Ledger.Changed!.Select(entry => (entry.Reason, entry.Count)))
        );
    }

    [Fact]
    public void Version_2_is_read_by_its_segments()
    {
        const string Text = """
            <xliff xmlns="urn:oasis:names:tc:xliff:document:2.0" version="2.0" srcLang="en" trgLang="de">
            <file id="f1"><skeleton><source>no</source></skeleton><notes><note>no</note></notes>
            <group id="g1"><unit id="u1">
            <m:matches xmlns:m="urn:x"><m:match><source>no</source><target>nein</target></m:match></m:matches>
            <originalData><data id="d1">&lt;b&gt;</data></originalData>
            <segment state="translated"><source>Say <pc id="1">hello</pc><ph id="2" subType="xlf:lb"/>now.</source>
            <target>Sag <pc id="1">hallo</pc><ph id="2" subType="xlf:lb"/>jetzt.</target></segment>
            <ignorable><source> </source></ignorable>
            <segment><source>a<sc id="3"/>b<ec startRef="3"/><cp hex="0001"/></source><target>c</target></segment>
            <segment state="initial"><source>Draft.</source><target>Entwurf.</target></segment>
            <segment><source>Missing.</source></segment>
            </unit></group></file></xliff>
            """;
        var read = Read(Text);
        Assert.Equal([("Say hello now.", "Sag hallo jetzt."), ("ab", "c")], read.Texts());
        Assert.Equal([6, 9], read.Lines);
        Assert.Equal(
            [("in the state initial", 10), ("not translated", 11)],
            read.Ledger.Dropped.Select(entry => (entry.Reason, entry.FirstLines.Single()))
        );
        Assert.Equal("without inline tags, 7 in all", read.Ledger.Changed!.Single().Reason);
    }

    [Fact]
    public void A_target_without_a_language_is_of_the_one_that_is_wanted()
    {
        const string Text =
            "<xliff version='1.1'><file source-language='en-US'><body><trans-unit><source>a</source>"
            + "<target>b</target></trans-unit></body></file></xliff>";
        Assert.Equal([("a", "b")], Read(Text).Texts());
        Assert.Equal([("a", "b")], Read(Text, "en", "de").Texts());
        Assert.Equal([("b", "a")], Read(Text, "de", "en").Texts());
        Assert.Equal("en-US to a language that is not named", Read(Text).Ledger.Languages);
        Assert.Contains(
            "0 of 1 pairs kept; dropped: 1 without a text in fr (first: line 1). Languages here: en-US (1 text), it "
                + "(1 text).",
            Refusal(Text.Replace("<target>", "<target xml:lang='it'>", StringComparison.Ordinal), "en", "fr"),
            StringComparison.Ordinal
        );
        Assert.Contains(
            "Languages here: en-US (1 text), one that is not named (1 text).",
            Refusal(Text, "it", "fr"),
            StringComparison.Ordinal
        );
    }

    private static string First(string units) =>
        $"<xliff version='1.2'><file source-language='en' target-language='de'><body>{units}</body></file></xliff>";
}
