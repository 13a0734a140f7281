using TransformerClinic.Common;
using TransformerClinic.Tests.Text.SentencePiece;
using TransformerClinic.Text;
using TransformerClinic.Text.SentencePiece;

namespace TransformerClinic.Tests.Text;

public sealed class SentencePieceSubwordsTests : IDisposable
{
    private static readonly SentencePieceModel Unigram = SentencePieceModel.Load(
        SentencePieceModelTests.PathOf("unigram.model")
    );
    private static readonly SentencePieceModel Pairs = SentencePieceModel.Load(
        SentencePieceModelTests.PathOf("bpe-user.model")
    );

    private readonly TemporaryFolder _folder = new();

    private string FilePath => _folder.PathOf("subwords.json");

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Ids_are_the_vocabularys_and_not_SentencePieces()
    {
        var reversed = Of(Unigram, Unigram, Unigram.Pieces.Select(piece => piece.Text).Where(IsNoMark).Reverse());
        const string Line = "Wählen Sie eine Datei.";
        var ids = reversed.Encode(Line);

        Assert.Equal(
            Unigram.Encode(Line).Select(number => Unigram.Pieces[number].Text),
            ids.Select(id => reversed.Vocabulary[id])
        );
        Assert.Equal(Line, reversed.Decode([.. ids, Vocabulary.EndOfSentence]));
    }

    [Fact]
    public void Source_and_target_may_be_cut_differently()
    {
        var subwords = Of(Unigram, Pairs, Both());
        const string Line = "die eine Datei";

        Assert.Equal(
            Unigram.Encode(Line).Select(number => Unigram.Pieces[number].Text),
            subwords.Encode(Line).Select(id => subwords.Vocabulary[id])
        );
        Assert.Equal(
            Pairs.Encode(Line).Select(number => Pairs.Pieces[number].Text),
            subwords.EncodeTarget(Line).Select(id => subwords.Vocabulary[id])
        );
        Assert.Equal(Line, subwords.Decode(subwords.EncodeTarget(Line)));
    }

    [Fact]
    public void What_the_vocabulary_lacks_is_unknown_and_shows_as_SentencePiece_shows_it()
    {
        var few = Of(Unigram, Unigram, ["▁", "e", "i", "n"]);

        Assert.Contains(Vocabulary.Unknown, few.Encode("Datei"));
        Assert.Equal(" \u2047 ", few.Decode([Vocabulary.Unknown]));
        Assert.Equal("", few.TextOf(Vocabulary.Unknown));
    }

    [Fact]
    public void A_language_in_angle_brackets_at_the_beginning_is_one_piece_if_the_vocabulary_has_it()
    {
        var subwords = Of(Unigram, Unigram, [">>fra<<", .. Unigram.Pieces.Select(piece => piece.Text).Where(IsNoMark)]);

        Assert.Equal([Vocabulary.Marks, .. subwords.Encode("eine Datei")], subwords.Encode(">>fra<< eine Datei"));
        Assert.NotEqual(Vocabulary.Marks, subwords.Encode(">>deu<< eine Datei")[0]);
        Assert.DoesNotContain(Vocabulary.Marks, subwords.Encode("eine >>fra<< Datei"));
    }

    [Fact]
    public void Control_characters_that_a_piece_holds_do_not_break_the_line()
    {
        var subwords = Of(Unigram, Unigram, Unigram.Pieces.Select(piece => piece.Text).Where(IsNoMark));

        Assert.Equal("a b", subwords.Decode(subwords.Encode("a\nb")));
    }

    [Fact]
    public void Saved_and_loaded_they_are_the_same()
    {
        var subwords = Of(Unigram, Pairs, Both());
        subwords.Save(FilePath);
        var loaded = SubwordModel.Load(FilePath);

        Assert.True(subwords.IsSameAs(loaded));
        Assert.False(subwords.IsSameAs(Of(Unigram, Unigram, Both())));
        Assert.False(subwords.IsSameAs(new BytePairModel(Normalization.Nfc, ["a"], [])));
        Assert.Equal(subwords.Encode("eine Datei"), loaded.Encode("eine Datei"));
        var once = File.ReadAllBytes(FilePath);
        loaded.Save(FilePath);
        Assert.Equal(once, File.ReadAllBytes(FilePath));
    }

    [Theory]
    [InlineData("\"source\": \"AAAA\"", "the subword model is damaged.")]
    [InlineData("\"source\": \"not base64\"", "this is not a complete Subwords in JSON")]
    public void A_damaged_file_is_refused(string source, string message)
    {
        var text = $$"""{"format": "transformer-clinic-sentencepiece-1", {{source}}, "target": null, "pieces": []}""";
        File.WriteAllText(FilePath, text);

        var refused = Assert.Throws<UserErrorException>(() => SubwordModel.Load(FilePath));

        Assert.StartsWith($"{FilePath}: {message}", refused.Message, StringComparison.Ordinal);
    }

    private static SentencePieceSubwords Of(
        SentencePieceModel source,
        SentencePieceModel target,
        IEnumerable<string> pieces
    ) => new(source, target, pieces);

    private static IEnumerable<string> Both() =>
        Unigram.Pieces.Concat(Pairs.Pieces).Select(piece => piece.Text).Where(IsNoMark).Distinct();

    private static bool IsNoMark(string piece) => piece is not ("<s>" or "</s>" or "<unk>" or "<pad>");
}
