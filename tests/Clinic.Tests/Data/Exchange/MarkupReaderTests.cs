using System.Text;
using TransformerClinic.Common;
using TransformerClinic.Data;
using TransformerClinic.Data.Exchange;
using static TransformerClinic.Tests.Data.Exchange.ExchangeText;

namespace TransformerClinic.Tests.Data.Exchange;

/// <summary>XML that is damaged, or meant to do damage.</summary>
public class MarkupReaderTests
{
    private static readonly string Good = Memory(Unit(("de", "Häuser"), ("en", "houses")));

    [Theory]
    [InlineData("<tmx><body>\n<tu><tuv xml:lang='de'><seg>x", "line 2: the XML is damaged (Unexpected end of file")]
    [InlineData(
        "<tmx>\n\n<body></tmx>",
        "line 3: the XML is damaged (The 'body' start tag on line 3 position 2 does not"
    )]
    [InlineData("<tmx>\n<a b='1' b='2'/></tmx>", "line 2: the XML is damaged ('b' is a duplicate attribute name)")]
    [InlineData("<tmx/>\nand more", "line 2: the XML is damaged (Data at the root level is invalid)")]
    [InlineData("<tmx/><tmx/>", "line 1: the XML is damaged (There are multiple root elements)")]
    [InlineData("no markup", "line 1: the XML is damaged (Data at the root level is invalid)")]
    [InlineData("<tmx><body><tu>\n&#1;</tu>", "line 2: the XML is damaged ('\u0001', hexadecimal value 0x01")]
    [InlineData("<tmx><body><tu>\n\u0001</tu>", "line 2: the XML is damaged ('\u0001', hexadecimal value 0x01")]
    [InlineData("<tmx><body>\n<tu>&auml;</tu>", "line 2: the XML is damaged (Reference to undeclared entity 'auml')")]
    [InlineData(
        "<?xml version='1.0' encoding='klingon'?><tmx/>",
        "line 1: the XML is damaged (System does not support"
    )]
    [InlineData(
        "<?xml version='1.0' encoding='utf-16'?><tmx/>",
        "line 1: the XML is damaged (There is no Unicode byte"
    )]
    [InlineData(
        "\n<html>\n</html>",
        "line 2: the root element is 'html', but sentence pairs are read from TMX and XLIFF"
    )]
    [InlineData("", "memory.tmx: the file is empty.")]
    [InlineData(" \n ", "the XML is damaged (Root element is missing)")]
    public void What_is_wrong_is_said_with_its_line(string text, string message) =>
        Assert.Contains(message, Refusal(text), StringComparison.Ordinal);

    [Fact]
    public void A_truncated_file_is_refused_wherever_it_ends()
    {
        for (var length = 0; length < Good.Length; length++)
        {
            Assert.StartsWith(Name, Refusal(Good[..length]), StringComparison.Ordinal);
        }

        Assert.Equal([("Häuser", "houses")], Read(Good).Texts());
    }

    [Fact]
    public void Text_in_utf8_and_utf16_is_read_with_a_mark_and_as_declared()
    {
        foreach (
            var (declared, encoding) in new (string, Encoding)[]
            {
                ("", new UTF8Encoding(true)),
                ("utf-8", new UTF8Encoding(true)),
                ("utf-8", new UTF8Encoding(false)),
                ("", new UnicodeEncoding(bigEndian: false, byteOrderMark: true)),
                ("utf-16", new UnicodeEncoding(bigEndian: false, byteOrderMark: true)),
                ("UTF-16", new UnicodeEncoding(bigEndian: true, byteOrderMark: true)),
                ("utf-16", new UnicodeEncoding(bigEndian: false, byteOrderMark: false)),
                ("iso-8859-1", Encoding.Latin1),
            }
        )
        {
            var text = (declared.Length > 0 ? $"<?xml version=\"1.0\" encoding=\"{declared}\"?>\n" : "") + Good;
            byte[] bytes = [.. encoding.GetPreamble(), .. encoding.GetBytes(text)];
            using var stream = new MemoryStream(bytes);
            Assert.True(ExchangeFile.IsOne(stream, "memory.xml", isWholeSet: false), declared);
            Assert.Equal([("Häuser", "houses")], Read(bytes).Texts());
        }
    }

    [Fact]
    public void Bytes_that_are_not_of_the_encoding_are_refused_with_their_line()
    {
        var text = Memory("\n" + Unit(("de", "Häuser"), ("en", "houses")));
        Assert.Equal(
            "memory.tmx, line 2: the XML is damaged (Invalid character in the given encoding).",
            Assert.Throws<UserErrorException>(() => Read(Encoding.Latin1.GetBytes(text))).Message
        );
    }

    /// <summary>A mark of UTF-32, and what is none; found by fuzzing.</summary>
    [Fact]
    public void A_beginning_that_is_not_of_its_encoding_is_refused() =>
        Assert.Equal(
            "memory.tmx, line 1: the XML is damaged (Invalid character in the given encoding).",
            Assert.Throws<UserErrorException>(() => Read(Convert.FromBase64String("//4AAAAAgABzOng9IiI8cw=="))).Message
        );

    [Fact]
    public void A_document_type_is_ignored_and_nothing_is_resolved()
    {
        using var folder = new TemporaryFolder();
        var secret = folder.Write("secret.txt", "secret");
        var dtd = folder.Write("tmx14.dtd", "<!ENTITY oops 'oops'> this is not a DTD");
        Assert.Equal(
            [("Häuser", "houses")],
            Read($"<?xml version='1.0'?><!DOCTYPE tmx SYSTEM \"{new Uri(dtd)}\">{Good}").Texts()
        );
        foreach (
            var declaration in new[]
            {
                "<!ENTITY e 'text'>",
                $"<!ENTITY e SYSTEM '{new Uri(secret)}'>",
                "<!ENTITY a 'aaaaaaaaaa'><!ENTITY b '&a;&a;&a;&a;&a;&a;&a;&a;'><!ENTITY e '&b;&b;&b;&b;&b;&b;&b;&b;'>",
                $"<!ENTITY % p SYSTEM '{new Uri(dtd)}'> %p; <!ENTITY e 'text'>",
            }
        )
        {
            var doctype = $"<!DOCTYPE tmx [{declaration}]>";
            Assert.Equal([("Häuser", "houses")], Read(doctype + Good).Texts());
            Assert.Contains(
                "line 1: the XML is damaged (Reference to undeclared entity 'e')",
                Refusal(doctype + Memory(Unit(("de", "&e;"), ("en", "x")))),
                StringComparison.Ordinal
            );
            Assert.Contains(
                "undeclared entity 'e'",
                Refusal(doctype + Memory(Unit(("&e;", "x"), ("en", "x")))),
                StringComparison.Ordinal
            );
        }
    }

    [Fact]
    public void Elements_may_not_be_in_one_another_without_end()
    {
        var levels = MarkupReader.MostLevels - 1;
        var open = string.Concat(Enumerable.Repeat("<g>", levels));
        var close = string.Concat(Enumerable.Repeat("</g>", levels));
        Assert.Equal("memory.tmx: there is no text in it.", Refusal($"<xliff>{open}{close}</xliff>"));
        Assert.Equal(
            "memory.tmx, line 2: more than 100 elements are in one another; no such file needs that.",
            Refusal($"<xliff>\n{string.Concat(Enumerable.Repeat("<g>", 1000))}")
        );
    }

    [Theory]
    [InlineData("<tmx><body><tu a='", "aaaaaaaa", "a tag, comment or CDATA section has more than 4,194,304 bytes")]
    [InlineData("<tmx><body><tu ", "aaaaaaaa", "a tag, comment or CDATA section has more than 4,194,304 bytes")]
    [InlineData("<tmx><", "aaaaaaaa", "a tag, comment or CDATA section has more than 4,194,304 bytes")]
    [InlineData("<tmx><!-- ", "aaaaaaaa", "a tag, comment or CDATA section has more than 4,194,304 bytes")]
    [InlineData("<tmx><?p ", "aaaaaaaa", "a tag, comment or CDATA section has more than 4,194,304 bytes")]
    [InlineData("<!DOCTYPE tmx [ ", "<!ENTITY a 'b'>", "a tag, comment or CDATA section has more than 4,194,304 bytes")]
    [InlineData("<tmx>", "<a>", "more than 100 elements are in one another")]
    [InlineData(
        "<tmx><body><tu><tuv xml:lang='de'><seg>",
        "aaaaaaaa",
        "a unit here has more than 4,194,304 characters"
    )]
    [InlineData("<tmx><body><tu><tuv><seg><![CDATA[", "aaaaaaaa", "CDATA section has more than 4,194,304 bytes")]
    [InlineData("<tmx><body><tu>", "<tuv><seg/></tuv>", "a unit here has more than 4,194,304 characters")]
    [InlineData(
        "<xliff><file><body><trans-unit><seg-source>",
        "<mrk mtype='seg'/>",
        "a unit here has more than 4,194,304 characters"
    )]
    public void What_would_need_memory_without_end_is_refused_soon(string head, string endless, string message)
    {
        using var stream = new EndlessStream(head, _ => endless);
        var refusal = Assert.Throws<UserErrorException>(() => ExchangeText.Read(stream, LanguagePair.Unnamed));
        Assert.Contains(message, refusal.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Names_without_end_are_refused()
    {
        using var stream = new EndlessStream("<tmx>", i => $"<e{i}/>");
        var refusal = Assert.Throws<UserErrorException>(() => ExchangeText.Read(stream, LanguagePair.Unnamed));
        Assert.Contains("more than 10,000 different names", refusal.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Text_that_is_skipped_may_be_as_long_as_it_likes()
    {
        var note = new string('x', 2 * MeteredStream.MostOfANode);
        var text = Memory($"<note>{note}</note><tu><note>{note}</note></tu>" + Unit(("de", "a"), ("en", "b")));
        Assert.Equal([("a", "b")], Read(text).Texts());
    }

    /// <summary>A beginning and what never ends; a reader that wants all of it gets no more at 64 MiB.</summary>
    private sealed class EndlessStream(string head, Func<long, string> piece) : Stream
    {
        private const long Most = 64 << 20;

        private byte[] _current = Encoding.UTF8.GetBytes(head);
        private int _read;
        private long _total;
        private long _pieces;

        public override bool CanRead => true;

        public override bool CanSeek => false;

        public override bool CanWrite => false;

        public override long Length => throw new NotSupportedException();

        public override long Position
        {
            get => throw new NotSupportedException();
            set => throw new NotSupportedException();
        }

        public override int Read(byte[] buffer, int offset, int count)
        {
            Assert.True(_total < Most, "it was read without end");
            if (_read == _current.Length)
            {
                (_current, _read) = (Encoding.UTF8.GetBytes(Block()), 0);
            }

            var length = Math.Min(count, _current.Length - _read);
            _current.AsSpan(_read, length).CopyTo(buffer.AsSpan(offset));
            _read += length;
            _total += length;
            return length;
        }

        public override void Flush() { }

        public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

        public override void SetLength(long value) => throw new NotSupportedException();

        public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();

        private string Block() => string.Concat(Enumerable.Range(0, 100).Select(_ => piece(_pieces++)));
    }
}
