using static TransformerClinic.Tests.Data.Exchange.ExchangeText;

namespace TransformerClinic.Tests.Data.Exchange;

/// <summary>Which of a file's languages become source and target.</summary>
public class LanguageChoiceTests
{
    private static readonly string Two = Memory(Unit(("en", "a house"), ("de", "ein Haus")));

    [Theory]
    [InlineData(null, null, "ein Haus")]
    [InlineData("de", null, "ein Haus")]
    [InlineData(null, "en", "ein Haus")]
    [InlineData("de", "en", "ein Haus")]
    [InlineData("de-AT", null, "ein Haus")]
    [InlineData("en", null, "a house")]
    [InlineData(null, "de", "a house")]
    [InlineData("EN", "DE", "a house")]
    public void Two_languages_are_taken_in_the_direction_that_is_named_or_the_headers(
        string? source,
        string? target,
        string first
    ) => Assert.Equal(first, Read(Two, source, target).Pairs.Single().Source);

    [Fact]
    public void What_was_taken_is_in_the_ledger()
    {
        Assert.Equal("de to en", Read(Two).Ledger.Languages);
        Assert.Equal("en-GB to de", Read(Two, "en-GB", "de").Ledger.Languages);
        Assert.Equal(("de", "en"), Read(Two).Languages);
    }

    [Fact]
    public void The_unit_may_name_the_source()
    {
        var text = Memory(
            """<tu srclang="en"><tuv xml:lang="en"><seg>a</seg></tuv><tuv xml:lang="de"><seg>b</seg></tuv></tu>"""
        );
        Assert.Equal([("a", "b")], Read(text).Texts());
    }

    [Theory]
    [InlineData("*all*")]
    [InlineData("fr")]
    [InlineData("")]
    public void Where_nothing_says_which_is_the_source_the_file_is_refused(string declared) =>
        Assert.Equal(
            "memory.tmx: the file does not say which of its two languages is the source. Languages here: en (1 text), "
                + "de (1 text). Name the two languages: data.sourceLanguage, data.targetLanguage.",
            Refusal(Memory(Unit(("en", "a"), ("de", "b")), declared))
        );

    [Fact]
    public void With_three_languages_both_have_to_be_named_and_the_message_counts_them_to_the_end()
    {
        var text = Memory(
            Unit(("de", "a"), ("en", "b")) + Unit(("de", "a"), ("fr", "c")) + Unit(("de", "a"), ("en-US", "b"))
        );
        Assert.Equal(
            "memory.tmx: there are 4 languages, and nothing says which two to take. Languages here: de (3 texts), en "
                + "(1 text), fr (1 text), en-US (1 text). Name the two languages: data.sourceLanguage, "
                + "data.targetLanguage.",
            Refusal(text)
        );
        Assert.StartsWith("memory.tmx: there are 4 languages", Refusal(text, "de"), StringComparison.Ordinal);
        Assert.Equal([("a", "b"), ("a", "b")], Read(text, "de", "en").Texts());
    }

    [Fact]
    public void A_language_that_is_not_there_is_refused_with_those_that_are()
    {
        var message = Refusal(Two, "de", "fr");
        Assert.StartsWith(
            "memory.tmx: no unit can be used as a pair of de and fr. memory.tmx: 0 of 1 pairs kept; dropped: 1 without "
                + "a text in fr (first: line 1). Languages here: en (1 text), de (1 text).",
            message,
            StringComparison.Ordinal
        );
        Assert.StartsWith(
            "memory.tmx: which of the two languages is fr cannot be told.",
            Refusal(Two, "fr"),
            StringComparison.Ordinal
        );
        Assert.StartsWith(
            "memory.tmx: pairs need two languages. Languages here: de (1 text).",
            Refusal(Memory(Unit(("de", "a")))),
            StringComparison.Ordinal
        );
        Assert.Equal("memory.tmx: there is no text in it.", Refusal(Memory("")));
        Assert.Equal("memory.tmx: there is no text in it.", Refusal(Memory("<tu/>"), "de", "en"));
    }

    [Fact]
    public void Units_without_one_of_the_languages_are_counted_also_before_both_were_seen()
    {
        var text = Memory(
            "\n"
                + Unit(("de", "x"))
                + "\n<tu/>\n"
                + Unit(("de", "a"), ("en", "b"))
                + "\n"
                + Unit(("en", "y"))
                + "\n<tu/>"
        );
        foreach (var read in new[] { Read(text), Read(text, "de", "en") })
        {
            Assert.Equal([("a", "b")], read.Texts());
            Assert.Equal([4], read.Lines);
            Assert.Equal((5, 1), (read.Ledger.Read, read.Ledger.Kept));
            Assert.Equal(
                [("without a text in de or en", 2, 3), ("without a text in de", 1, 5), ("without a text in en", 1, 2)],
                read.Ledger.Dropped.Select(entry => (entry.Reason, entry.Count, entry.FirstLines[0]))
            );
        }
    }

    [Fact]
    public void The_best_region_is_taken_and_of_equals_the_first_which_is_counted()
    {
        var text = Memory(
            Unit(("de", "a"), ("en-US", "b1"), ("en", "b2"), ("en-GB", "b3"))
                + Unit(("de", "c"), ("en-GB", "d1"), ("en-US", "d2"))
        );
        var read = Read(text, "de", "en");
        Assert.Equal([("a", "b2"), ("c", "d1")], read.Texts());
        Assert.Equal(
            ("with the first of several texts in en", 1),
            Assert.Single(read.Ledger.Changed!.Select(entry => (entry.Reason, entry.Count)))
        );
    }

    [Fact]
    public void Two_regions_of_a_language_can_be_a_pair()
    {
        var text = Memory(Unit(("en-GB", "colour"), ("en-US", "color")) + Unit(("en-US", "gray"), ("en-GB", "grey")));
        Assert.Equal([("color", "colour"), ("gray", "grey")], Read(text, "en-US", "en-GB").Texts());
        Assert.Equal([("color", "colour"), ("gray", "grey")], Read(text, "en", "en-GB").Texts());
        Assert.Equal([("colour", "color"), ("grey", "gray")], Read(text, "en-GB", "en").Texts());
    }

    [Fact]
    public void Tags_that_are_no_languages_neither_fill_the_memory_nor_the_message()
    {
        var units = Enumerable.Range(0, 5000).Select(i => Unit(($"l{i}", "x"), ($"{new string('x', 1000)}{i}", "y")));
        var message = Refusal(Memory(string.Concat(units)));
        Assert.StartsWith("memory.tmx: there are 1,000 or more languages", message, StringComparison.Ordinal);
        Assert.Contains("more. Name the two", message, StringComparison.Ordinal);
        Assert.True(message.Length < 1000, message);
    }
}
