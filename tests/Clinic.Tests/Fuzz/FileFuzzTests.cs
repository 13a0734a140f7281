namespace TransformerClinic.Tests.Fuzz;

/// <summary>Files of the user's, and of a run, that are nearly right.</summary>
[Trait("Speed", "Slow")]
public class FileFuzzTests
{
    [Theory]
    [InlineData("recipe", 30, 110)]
    [InlineData("compressed", 20, 75)]
    [InlineData("pairs", 8, 12)]
    [InlineData("tmx", 15, 60)]
    [InlineData("xliff", 15, 60)]
    [InlineData("srt", 4, 20)]
    [InlineData("vtt", 4, 20)]
    [InlineData("text", 4, 20)]
    [InlineData("html", 4, 20)]
    [InlineData("markdown", 4, 20)]
    [InlineData("bilingual", 5, 20)]
    [InlineData("docx", 5, 30)]
    [InlineData("subwords", 20, 60)]
    [InlineData("state", 25, 80)]
    [InlineData("counts", 12, 50)]
    [InlineData("stored-manifest", 12, 60)]
    [InlineData("stored-shard", 3, 8)]
    [InlineData("log", 4, 8)]
    [InlineData("checkpoint", 15, 90)]
    [InlineData("old-checkpoint", 15, 90)]
    [InlineData("dictionary", 4, 30)]
    [InlineData("merges", 4, 30)]
    [InlineData("piece-list", 4, 30)]
    [InlineData("sentencepiece", 3, 60)]
    [InlineData("marian", 5, 60)]
    [InlineData("marian-npz", 5, 60)]
    public void Whatever_the_file_holds_it_is_refused_by_name_or_read(string target, int fewest, int most) =>
        ShortFuzz.AssertNothingFound(target, fewest, most);
}
