using System.Text.Json;
using TransformerClinic.Common;
using TransformerClinic.Text.SentencePiece;

namespace TransformerClinic.Tests.Text.SentencePiece;

/// <summary>Against what SentencePiece itself (C++, 0.1.97) answered: <c>Golden/README.md</c> says how.</summary>
public sealed class SentencePieceModelTests
{
    public static TheoryData<string> Names => ["unigram", "unigram-bytes", "unigram-user", "bpe-bytes", "bpe-user"];

    [Theory]
    [MemberData(nameof(Names))]
    public void Text_is_cut_as_SentencePiece_cuts_it(string name)
    {
        var model = SentencePieceModel.Load(PathOf($"{name}.model"));
        var lines = Recorded(name).Where(line => line.Text is not null).ToList();

        Assert.True(lines.Count > 300, "too few lines");
        Assert.All(lines, line => Assert.Equal(line.Ids, model.Encode(line.Text!)));
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void Pieces_become_the_text_that_SentencePiece_makes_of_them(string name)
    {
        var model = SentencePieceModel.Load(PathOf($"{name}.model"));

        Assert.All(Recorded(name), line => Assert.Equal(line.Decoded, model.Decode(line.Ids)));
    }

    [Fact]
    public void The_models_differ_in_what_is_tested()
    {
        var models = Names.Select(name => SentencePieceModel.Load(PathOf($"{name.Data}.model"))).ToList();

        Assert.Contains(models, model => model.Pieces.Any(piece => piece.Type == PieceType.Byte));
        Assert.Contains(models, model => model.Pieces.Any(piece => piece.Type == PieceType.UserDefined));
        Assert.Contains(models, model => model.File.Length > 200_000); // with NFKC's map
    }

    [Theory]
    [InlineData(0, "It has no pieces.")]
    [InlineData(1, "It ends in the middle of a field.")]
    [InlineData(5000, "It ends in the middle of a field.")]
    public void A_file_that_is_cut_off_is_refused(int length, string reason)
    {
        using var folder = new TemporaryFolder();
        var path = folder.PathOf("cut.model");
        File.WriteAllBytes(path, File.ReadAllBytes(PathOf("bpe-user.model"))[..length]);

        var refused = Assert.Throws<UserErrorException>(() => SentencePieceModel.Load(path));

        Assert.Equal($"{path}: this is not a SentencePiece model. {reason}", refused.Message);
    }

    [Theory]
    [InlineData(3, "It is a word model; unigram and BPE models can be read.")]
    [InlineData(4, "It is a character model; unigram and BPE models can be read.")]
    public void Models_of_words_and_of_characters_are_refused_by_name(byte kind, string reason)
    {
        // A piece <unk> of the type unknown, and a trainer's specification of the kind.
        byte[] file = [0x0A, 0x09, 0x0A, 0x05, .. "<unk>"u8, 0x18, 0x02, 0x12, 0x02, 0x18, kind];

        Assert.Equal(reason, Assert.Throws<InvalidDataException>(() => SentencePieceModel.Read(file)).Message);
    }

    [Fact]
    public void A_model_without_a_piece_for_what_is_unknown_is_refused()
    {
        byte[] file = [0x0A, 0x03, 0x0A, 0x01, (byte)'a'];

        Assert.Equal(
            "It has no piece for what is unknown.",
            Assert.Throws<InvalidDataException>(() => SentencePieceModel.Read(file)).Message
        );
    }

    [Fact]
    public void A_map_of_characters_that_is_damaged_is_refused()
    {
        var file = File.ReadAllBytes(PathOf("unigram.model"));
        byte[] unknown = [0x0A, 0x09, 0x0A, 0x05, .. "<unk>"u8, 0x18, 0x02];
        byte[][] maps =
        [
            [1],
            [8, 0, 0, 0, 1, 2, 3],
            [4, 0, 0, 0, 1, 2, 3, 4, 65],
        ];

        Assert.NotEmpty(SentencePieceModel.Read(file).Pieces);
        Assert.All(
            maps,
            map =>
                Assert.StartsWith(
                    "The normalizer's table of characters ",
                    Assert
                        .Throws<InvalidDataException>(() =>
                            SentencePieceModel.Read([
                                .. unknown,
                                0x1A,
                                (byte)(map.Length + 2),
                                0x12,
                                (byte)map.Length,
                                .. map,
                            ])
                        )
                        .Message,
                    StringComparison.Ordinal
                )
        );
    }

    internal static string PathOf(string name) => Path.Combine(GoldenFolder.Path, "sentencepiece", name);

    private static IEnumerable<(string? Text, int[] Ids, string Decoded)> Recorded(string name) =>
        File.ReadLines(PathOf($"{name}.jsonl"))
            .Select(line =>
            {
                using var json = JsonDocument.Parse(line);
                var root = json.RootElement;
                return (
                    root[0].GetString(),
                    root[1].EnumerateArray().Select(id => id.GetInt32()).ToArray(),
                    root[2].GetString()!
                );
            });
}
