using static TransformerClinic.Tests.Data.Exchange.ExchangeText;

namespace TransformerClinic.Tests.Data.Exchange.Tmx;

public class TmxReaderTests
{
    [Fact]
    public void Languages_are_named_as_in_new_files_and_in_old_ones()
    {
        const string Units =
            "<tu><tuv xml:lang='de'><seg>a</seg></tuv><tuv lang='EN-US'><seg>b</seg></tuv></tu>"
            + "<tu><tuv xml:lang=' de ' lang='fr'><seg>c</seg></tuv><tuv lang='en_us'><seg>d</seg></tuv></tu>";
        Assert.Equal([("a", "b"), ("c", "d")], Read(Memory(Units), "de", "en").Texts());
    }

    [Fact]
    public void Everything_but_the_segments_is_skipped()
    {
        var text = $"""
            <?xml version="1.0"?>
            <!DOCTYPE tmx SYSTEM "tmx14.dtd">
            <!-- <seg>comment</seg> -->
            <t:tmx version="1.4" xmlns:t="urn:any">
              <t:header srclang="de-DE" o-tmf="x"><prop type="seg"><seg>no</seg></prop><note>no</note></t:header>
              <t:body>
                <t:tu tuid="1">
                  <note xml:lang="fr">no</note><prop type="x">no</prop>
                  <t:tuv xml:lang="de"><prop type="x">no</prop>
                  <t:seg>Ein <![CDATA[<Haus>]]> &amp; &#xE4;</t:seg></t:tuv>
                  <t:tuv xml:lang="en"><note>no</note><t:seg>  two
             lines&#9;</t:seg></t:tuv>
                </t:tu>
              </t:body>
            </t:tmx>
            <!-- end -->
            """.ReplaceLineEndings("\n");
        var read = Read(text);
        Assert.Equal([("Ein <Haus> & ä", "  two\n lines\t")], read.Texts());
        Assert.Equal([7], read.Lines);
    }

    [Theory]
    [InlineData("a<bpt i='1'>&lt;b></bpt>b<ept i='1'>&lt;/b></ept>c", "abc", 2)]
    [InlineData("a <hi type='x'>b</hi> c", "a b c", 1)]
    [InlineData("a<ph x='1'>%s<sub>foot <hi>note</hi></sub></ph>b", "ab", 1)]
    [InlineData("a<ph type='lb'/>b", "a b", 1)]
    [InlineData("a<ph/>b<it pos='begin'>x</it>c<ut>y</ut>", "abc", 3)]
    [InlineData("<hi>a<hi>b<ph>x</ph></hi></hi>", "ab", 3)]
    [InlineData("a<b>c</b>", "ac", 1)]
    [InlineData("<ph><bpt>x</bpt></ph>a", "a", 1)]
    [InlineData("<bpt i='1'/> <ept i='1'/>", " ", 2)]
    [InlineData("", "", 0)]
    public void Inline_tags_are_left_out_and_counted(string segment, string text, int tags)
    {
        var read = Read(Memory(Unit(("de", segment), ("en", "x")) + Unit(("de", segment), ("en", segment))));
        Assert.Equal([(text, "x"), (text, text)], read.Texts());
        Assert.Equal(
            tags == 0 ? [] : [$"without inline tags, {3 * tags} in all"],
            (read.Ledger.Changed ?? []).Select(entry => entry.Reason)
        );
    }
}
