namespace TransformerClinic.Fuzz;

/// <summary>Documents to begin with.</summary>
internal static class DocumentSeeds
{
    public const string Srt = """
        1
        00:00:01,000 --> 00:00:02,500
        <i>Wir haben das Haus</i>
        <i>gestern verkauft,</i>

        2
        00:00:02,600 --> 00:00:04,000 X1:10
        {\an8}weil es <b>zu groß</b> war.

        3
        00:00:10,000 --> 00:00:12,000
        - Kommst du mit?
        - Nein.
        """;

    public const string Vtt = """
        WEBVTT

        STYLE
        ::cue { color: white }

        NOTE x

        eins
        00:01.000 --> 00:02.000 align:start
        <v Anna>Hallo &amp; <c.laut>guten Tag</c>,

        00:02.100 --> 00:03.000
        mein Freund<00:02.500> Tom.
        """;

    public const string Text = """
        Der Titel

        Dieser Absatz ist umbrochen, und der Satz geht
        in der nächsten Zeile weiter. Hier endet er
        nicht.
          - ein Punkt
        """;

    public const string Html = """
        <!DOCTYPE html><html lang=de><head><meta charset="utf-8"><title>Ein &amp; Titel</title><style>p{}</style>
        <script>if (a<b) "T"</script></head><body><h1>Caf&eacute; <em>heute</em></h1><p>Ein <b>fetter</b> Satz mit
        <a href="x?a=1&b=2" title='Ein Hinweis'>Verweis</a>.<p>Noch<br>einer<ul><li>eins<li>zwei <code>c</code></ul>
        <p translate="no">so</p><pre>x</pre><!-- c --><img src=a alt="Ein Bild"><table><tr><td>Z<td>y</table>
        <svg><title>t</title><![CDATA[v]]></svg><textarea>b</textarea><input placeholder=Name></body></html>
        """;

    public const string Markdown = """
        ---
        title: x
        ---
        # Ein *Titel* #

        Mit **fettem [Verweis](http://x.de "t")** und `code`,
        weiter &amp; \*Stern\*.  
        Neu ![Bild](i.png) <b>x</b> ~~y~~ $z$

        > Zitat
        > - [ ] Punkt

        | Kopf | b |
        |------|---|
        | d \| e | `f` |

        Fuß[^1] [r] <http://x.y>

        [^1]: Note.

        [r]: http://zz
        """;

    public const string Xliff = """
        <?xml version="1.0"?>
        <xliff version="1.2"><file source-language="de" target-language="en"><body><group translate="no">
        <trans-unit id="1"><source>Haus <x id="1"/></source><target state="translated"><g id="1">house</g></target>
        </trans-unit></group><trans-unit id="2"><source>A. B.</source>
        <seg-source><mrk mtype="seg" mid="1">A <bpt id="1"/>x<ept id="1"/>.</mrk> <mrk mtype="seg" mid="2">B.</mrk>
        </seg-source></trans-unit><trans-unit id="3"><source>C <g id="2">d</g></source>
        <target state="new"/></trans-unit>
        </body></file></xliff>
        """;

    /// <summary>The body of a Word document, in which <c>w:</c> is Word's prefix.</summary>
    public const string Body = """
        <w:p><w:pPr><w:jc/></w:pPr><w:r><w:t xml:space="preserve">Ein </w:t></w:r><w:r><w:rPr><w:b/></w:rPr>
        <w:t>Satz</w:t><w:tab/><w:br/><w:t>da</w:t></w:r><w:bookmarkStart w:id="1"/><w:hyperlink><w:r><w:t>Link</w:t>
        </w:r></w:hyperlink><w:bookmarkEnd w:id="1"/><w:r><w:fldChar w:fldCharType="begin"/></w:r><w:r><w:instrText>
        HYPERLINK x</w:instrText></w:r><w:r><w:fldChar w:fldCharType="separate"/></w:r><w:r><w:t>hier</w:t></w:r><w:r>
        <w:fldChar w:fldCharType="end"/></w:r><w:del><w:r><w:delText>weg</w:delText></w:r></w:del></w:p>
        <w:tbl><w:tr><w:tc><w:p><w:r><w:pict><w:txbxContent><w:p><w:r><w:t>innen</w:t></w:r></w:p></w:txbxContent>
        </w:pict><w:t>aus</w:t></w:r></w:p></w:tc></w:tr></w:tbl><w:sdt><w:sdtContent><w:p><w:sdt><w:sdtPr/>
        <w:sdtContent><w:r><w:t>Feld</w:t></w:r></w:sdtContent></w:sdt></w:p></w:sdtContent></w:sdt>
        """;
}
