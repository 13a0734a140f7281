using CsCheck;
using TransformerClinic.Common;
using TransformerClinic.Text;

namespace TransformerClinic.Tests.Text;

public sealed class BytePairFileTests : IDisposable
{
    private static readonly BytePairModel Model = SubwordModel.Learn(
        ["ein \"Zitat\" \\ 😀 \u0001 \uFFFF ▁", "das Zitat, das Haus"],
        new SubwordOptions { MinPairCount = 1, Normalization = Normalization.Nfkc }
    );

    private readonly TemporaryFolder _folder = new();

    private string FilePath => _folder.PathOf("subwords.json");

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void A_model_that_is_saved_and_loaded_is_the_same_model()
    {
        Model.Save(FilePath);
        var loaded = (BytePairModel)SubwordModel.Load(FilePath);
        Assert.Equal(Model.Normalization, loaded.Normalization);
        Assert.Equal(
            Enumerable.Range(0, Model.Vocabulary.Count).Select(id => Model.Vocabulary[id]),
            Enumerable.Range(0, loaded.Vocabulary.Count).Select(id => loaded.Vocabulary[id])
        );
        AnyText.Line.Sample(line => Model.Encode(line).AsSpan().SequenceEqual(loaded.Encode(line)));
    }

    [Fact]
    public void Saving_twice_gives_the_same_bytes_in_utf8_without_byte_order_mark()
    {
        Model.Save(FilePath);
        var once = File.ReadAllBytes(FilePath);
        SubwordModel.Load(FilePath).Save(FilePath);
        Assert.Equal(once, File.ReadAllBytes(FilePath));
        Assert.Equal((byte)'{', once[0]);
        Assert.DoesNotContain((byte)'\r', once);
    }

    [Fact]
    public void A_file_cut_anywhere_is_refused_by_name()
    {
        Model.Save(FilePath);
        var whole = File.ReadAllBytes(FilePath);
        Gen.Int[0, whole.Length - "}\n".Length]
            .Sample(length =>
            {
                using var folder = new TemporaryFolder();
                var path = folder.Write("subwords.json", whole[..length]);
                return Assert
                    .Throws<UserErrorException>(() => SubwordModel.Load(path))
                    .Message.StartsWith(path, StringComparison.Ordinal);
            });
    }

    [Theory]
    [InlineData("[]")]
    [InlineData("null")]
    [InlineData("{}")]
    [InlineData("""{"format":"transformer-clinic-bpe-9","normalization":"nfc","characters":[],"merges":[]}""")]
    [InlineData("""{"format":"transformer-clinic-bpe-1","characters":[],"merges":[]}""")]
    [InlineData("""{"format":"transformer-clinic-bpe-1","normalization":"nfx","characters":[],"merges":[]}""")]
    [InlineData("""{"format":"transformer-clinic-bpe-1","normalization":7,"characters":[],"merges":[]}""")]
    [InlineData("""{"format":"transformer-clinic-bpe-1","normalization":"nfc","merges":[]}""")]
    [InlineData("""{"format":"transformer-clinic-bpe-1","normalization":"nfc","characters":null,"merges":[]}""")]
    [InlineData("""{"format":"transformer-clinic-bpe-1","normalization":"nfc","characters":[],"merges":null}""")]
    [InlineData("""{"format":"transformer-clinic-bpe-1","normalization":"nfc","characters":["a",null],"merges":[]}""")]
    [InlineData("""{"format":"transformer-clinic-bpe-1","normalization":"nfc","characters":["ab"],"merges":[]}""")]
    [InlineData("""{"format":"transformer-clinic-bpe-1","normalization":"nfc","characters":["a",""],"merges":[]}""")]
    [InlineData("""{"format":"transformer-clinic-bpe-1","normalization":"nfc","characters":["a","a"],"merges":[]}""")]
    [InlineData(
        """{"format":"transformer-clinic-bpe-1","normalization":"nfc","characters":["a","b"],"merges":[["a"]]}"""
    )]
    [InlineData(
        """{"format":"transformer-clinic-bpe-1","normalization":"nfc","characters":["a","b"],"merges":"""
            + """[["a","b","a"]]}"""
    )]
    [InlineData(
        """{"format":"transformer-clinic-bpe-1","normalization":"nfc","characters":["a","b"],"merges":[["a",null]]}"""
    )]
    [InlineData(
        """{"format":"transformer-clinic-bpe-1","normalization":"nfc","characters":["a","b"],"merges":[null]}"""
    )]
    [InlineData(
        """{"format":"transformer-clinic-bpe-1","normalization":"nfc","characters":["a","b"],"merges":[["a","c"]]}"""
    )]
    [InlineData(
        """{"format":"transformer-clinic-bpe-1","normalization":"nfc","characters":["a","b"],"merges":[["a",""]]}"""
    )]
    [InlineData(
        """{"format":"transformer-clinic-bpe-1","normalization":"nfc","characters":["a","b"],"merges":"""
            + """[["a","<unk>"]]}"""
    )]
    [InlineData(
        """{"format":"transformer-clinic-bpe-1","normalization":"nfc","characters":["a","b"],"merges":"""
            + """[["a","b"],["a","b"]]}"""
    )]
    [InlineData(
        """{"format":"transformer-clinic-bpe-1","normalization":"nfc","characters":["a","b"],"merges":[],"more":1}"""
    )]
    public void A_damaged_file_is_refused_by_name(string content)
    {
        var path = _folder.Write("subwords.json", content);
        Assert.StartsWith(
            path,
            Assert.Throws<UserErrorException>(() => SubwordModel.Load(path)).Message,
            StringComparison.Ordinal
        );
    }

    [Fact]
    public void A_missing_file_and_a_folder_are_refused_by_name()
    {
        Assert.StartsWith(
            FilePath,
            Assert.Throws<UserErrorException>(() => SubwordModel.Load(FilePath)).Message,
            StringComparison.Ordinal
        );
        Assert.StartsWith(
            _folder.FullName,
            Assert.Throws<UserErrorException>(() => SubwordModel.Load(_folder.FullName)).Message,
            StringComparison.Ordinal
        );
    }

    [Fact]
    public void A_line_feed_after_the_last_brace_may_be_missing()
    {
        Model.Save(FilePath);
        File.WriteAllText(FilePath, File.ReadAllText(FilePath).TrimEnd());
        Assert.Equal(Model.Merges, Assert.IsType<BytePairModel>(SubwordModel.Load(FilePath)).Merges);
    }
}
