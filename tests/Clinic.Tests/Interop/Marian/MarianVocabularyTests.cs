using TransformerClinic.Common;
using TransformerClinic.Interop.Marian;

namespace TransformerClinic.Tests.Interop.Marian;

public sealed class MarianVocabularyTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData("vocab.yml", "\"</s>\": 0\nb: 2\na: 1\n")]
    [InlineData("vocab.json", "{\"</s>\": 0, \"b\": 2, \"a\": 1}")]
    [InlineData("vocab.txt", "</s>\na\nb\n")]
    public void Pieces_are_read_in_the_order_of_ids(string file, string text) =>
        Assert.Equal(["</s>", "a", "b"], MarianVocabulary.Read(_folder.Write(file, text), size: 0));

    [Theory]
    [InlineData("vocab.yml", "a: 2147483647\n", ": the file has 1 pieces for 2147483648 ids")]
    [InlineData("vocab.json", "{\"a\": 2147483647}", ": the file has 1 pieces for 2147483648 ids")]
    [InlineData("vocab.yml", "a: 0\nb: 0\n", ": the pieces 'a' and 'b' have the same id, 0")]
    [InlineData("vocab.yml", "a: 0\na: 1\n", "the key 'a' is there twice")]
    [InlineData("vocab.txt", "a\nb\na\n", ", line 3: the piece 'a' is there twice")]
    public void What_is_no_list_of_pieces_is_refused_by_name(string file, string text, string reason)
    {
        var path = _folder.Write(file, text);

        var refused = Assert.Throws<UserErrorException>(() => MarianVocabulary.Read(path, size: 0));

        Assert.StartsWith(path, refused.Message, StringComparison.Ordinal);
        Assert.Contains(reason, refused.Message, StringComparison.Ordinal);
    }
}
