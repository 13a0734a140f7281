using TransformerClinic.Common;
using TransformerClinic.Decoding.Search;
using TransformerClinic.Text;

namespace TransformerClinic.Tests.Text;

public sealed class WordPartsModelTests : IDisposable
{
    private static readonly string[] Pieces = ["hau@@", "s", "das", "u@@", "n@@", "d", "un@@"];
    private static readonly WordMerges Merges = new([("h", "a"), ("ha", "u"), ("u", "n")], endIsApart: false);
    private readonly TemporaryFolder _folder = new();

    [Fact]
    public void Words_are_cut_and_their_parts_are_joined_again()
    {
        var model = Model();

        Assert.Equal([4, 5, 10, 9], model.Encode("haus und"));
        Assert.Equal("haus und", model.Decode([4, 5, 10, 9, Vocabulary.EndOfSentence]));
        Assert.Equal("hau", model.Decode([4]));
    }

    [Fact]
    public void A_piece_that_the_dictionary_does_not_have_is_the_unknown_word()
    {
        var model = Model();

        Assert.Equal([Vocabulary.Unknown, 5], model.Encode("xs"));
        Assert.Equal("<unk> s", model.Decode([Vocabulary.Unknown, 5]));
        Assert.All(
            ["<pad>", "</s>", "<s>", "<unk>"],
            mark => Assert.Equal([Vocabulary.Unknown], Model(merges: null).Encode(mark))
        );
    }

    [Fact]
    public void A_piece_of_the_other_side_is_the_unknown_word()
    {
        var model = new WordPartsModel(
            Pieces,
            sourceMerges: null,
            targetMerges: null,
            onlySource: [6],
            onlyTarget: [5]
        );

        Assert.Equal([Vocabulary.Unknown, 6], model.Encode("s das"));
        Assert.Equal([5, Vocabulary.Unknown], model.EncodeTarget("s das"));
    }

    [Fact]
    public void Text_that_is_cut_already_stays_so()
    {
        var model = Model(merges: null);

        Assert.Equal([4, 5, 6], model.Encode("hau@@ s  das"));
        Assert.Equal("hau@@ s das", model.Decode([4, 5, 6]));
        Assert.Equal("hau@@", model.TextOf(4));
    }

    [Theory]
    [InlineData("  a \t b\u00a0c\u2028d\u001ce ", "a b c d e")]
    [InlineData("", "")]
    public void White_space_becomes_single_spaces(string line, string expected)
    {
        Assert.Equal(expected, Model().Normalize(line));
        Assert.Equal(expected, Model().Normalize(expected));
    }

    [Fact]
    public void Half_of_a_surrogate_pair_is_a_replacement_character() =>
        Assert.Equal("\ufffdx", Model().Normalize($"{(char)0xD800}x"));

    [Fact]
    public void Only_a_marked_part_leaves_its_word_open()
    {
        Assert.True(Model().LeavesWordOpen(4));
        Assert.False(Model().LeavesWordOpen(5));
        Assert.Equal("hau", Model().TextOf(4));
    }

    [Fact]
    public void A_banned_word_is_not_completed_and_longer_words_may_be()
    {
        var banned = new BannedPhrases(Model(), ["hau"]);
        var open = new PartialHypothesis(null, Vocabulary.EndOfSentence, 0, 0);
        var logProbabilities = new float[11];
        banned.RuleOut(new PartialHypothesis(open, 4, -1, 0), logProbabilities.AsSpan());

        Assert.Equal(float.NegativeInfinity, logProbabilities[Vocabulary.EndOfSentence]);
        Assert.Equal(0, logProbabilities[5]); // haus
    }

    [Fact]
    public void After_a_required_word_whose_last_part_is_not_open_anything_may_follow()
    {
        var required = new RequiredPhrases(Model(), ["haus"]);

        Assert.True(required.AllIn([4, 5]));
        Assert.Empty(required.KeepingWhole([4, 5]));
    }

    [Fact]
    public void A_saved_model_is_the_same()
    {
        foreach (
            var model in new[]
            {
                Model(),
                Model(merges: null),
                new WordPartsModel(Pieces, Merges, new WordMerges([("u", "n")], endIsApart: true), [4], [5, 6]),
            }
        )
        {
            var path = _folder.PathOf("subwords.json");
            model.Save(path);
            var again = SubwordModel.Load(path);

            Assert.True(model.IsSameAs(again) && again.IsSameAs(model));
            Assert.False(again.IsSameAs(new WordPartsModel(["other"], Merges, Merges, [], [])));
            Assert.Equal(model.EncodeTarget("haus und das"), again.EncodeTarget("haus und das"));
        }
    }

    [Theory]
    [InlineData("""["a","a"]""", "[]", "occurs twice")]
    [InlineData("""["a",null]""", "[]", "A piece is missing")]
    [InlineData("""["a"]""", "[3]", "not one of a piece")]
    [InlineData("""["a"]""", "[5]", "not one of a piece")]
    public void A_damaged_file_is_refused(string pieces, string onlySource, string reason)
    {
        var path = _folder.Write(
            "subwords.json",
            $$"""
            {"format":"transformer-clinic-word-parts-1","pieces":{{pieces}},"sourceMerges":null,"targetMerges":null,
            "onlySource":{{onlySource}},"onlyTarget":[]}
            """
        );

        Assert.Contains(
            reason,
            Assert.Throws<UserErrorException>(() => SubwordModel.Load(path)).Message,
            StringComparison.Ordinal
        );
    }

    public void Dispose() => _folder.Dispose();

    private static WordPartsModel Model() => Model(Merges);

    private static WordPartsModel Model(WordMerges? merges) => new(Pieces, merges, merges, [], []);
}
