using TransformerClinic.Common;
using TransformerClinic.Interop.Fairseq;

namespace TransformerClinic.Tests.Interop.Fairseq;

public sealed class JointVocabularyTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    [Fact]
    public void A_dictionary_gives_its_pieces_in_their_order()
    {
        var dictionary = Read("the 12\n@@ 7\n\u2581a 3\nmadeupword0000 0\n");

        Assert.Equal(["the", "@@", "\u2581a", "madeupword0000"], dictionary.Pieces);
        Assert.Equal(8, dictionary.Count);
    }

    [Fact]
    public void A_later_line_overwrites_an_earlier_one_if_it_says_so()
    {
        var joint = Joint("a 3\nb 2\na 1 #fairseq:overwrite\n");

        Assert.Equal(["<overwritten 4>", "b", "a"], joint.Pieces);
        Assert.Equal([0, 1, 2, 3, 4, 5, 6], joint.SourceRows);
        Assert.Contains("line 2: the piece 'a' is there twice", Mistake("a 3\na 1\n"), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("the\n", "line 1: this is not a line of a dictionary")]
    [InlineData("the 5\nof many\n", "line 2: this is not a line of a dictionary")]
    [InlineData("the 5\n\n", "line 2: this is not a line of a dictionary")]
    [InlineData("</s> 5\n", "line 1: '</s>' is one of the marks")]
    public void What_is_not_a_dictionary_is_refused(string content, string reason) =>
        Assert.Contains(reason, Mistake(content), StringComparison.Ordinal);

    [Fact]
    public void Equal_dictionaries_are_one()
    {
        var joint = Joint("a 3\nb 2\n", "a 1\nb 9\n");

        Assert.False(joint.AreSeparate);
        Assert.Equal(["a", "b"], joint.Pieces);
        Assert.Empty(joint.OnlySource.Concat(joint.OnlyTarget));
    }

    [Fact]
    public void Separate_dictionaries_are_joined_and_what_a_side_does_not_have_is_unknown_to_it()
    {
        var joint = Joint("haus 3\n. 2\n", "house 5\n. 4\nhat 1\n");

        Assert.True(joint.AreSeparate);
        Assert.Equal(["haus", ".", "house", "hat"], joint.Pieces);
        Assert.Equal([0, 1, 2, 3, 4, 5, 3, 3], joint.SourceRows);
        Assert.Equal([0, 1, 2, 3, 3, 5, 4, 6], joint.TargetRows);
        Assert.Equal([4], joint.OnlySource);
        Assert.Equal([6, 7], joint.OnlyTarget);
    }

    public void Dispose() => _folder.Dispose();

    private JointVocabulary Joint(string source, string? target = null) => new(Read(source), Read(target ?? source));

    private FairseqDictionary Read(string content) =>
        FairseqDictionary.Read(_folder.Write($"dict.{Guid.NewGuid()}.txt", content));

    private string Mistake(string content) => Assert.Throws<UserErrorException>(() => Read(content)).Message;
}
