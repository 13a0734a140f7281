using TransformerClinic.Data;

namespace TransformerClinic.Tests.Data.Exchange;

/// <summary>Files that other programs wrote: Golden/README.md says which.</summary>
public class RecordedFilesTests
{
    private const string Lines = "Zeile eins\nZeile zwei";

    [Fact]
    public void A_memory_of_po2tmx_is_read()
    {
        var text = Read("po2tmx.tmx");
        Assert.Equal(
            [
                ("Open the <b>file</b> & save it", "Öffnen Sie die <b>Datei</b> & speichern Sie sie"),
                ("one file", "eine Datei"),
                ("Line one\nline two", Lines),
            ],
            text.Pairs.Select(pair => (pair.Source, pair.Target))
        );
        Assert.Equal("po2tmx.tmx: 3 of 3 pairs kept, en to de", text.Reading.ToString());
    }

    [Fact]
    public void A_file_of_po2xliff_which_names_no_target_language_is_read()
    {
        var text = Read("po2xliff.xlf", new LanguagePair("en", "de"));
        Assert.Equal(
            ["Öffnen Sie die <b>Datei</b> & speichern Sie sie", "eine Datei", "%d Dateien", Lines],
            text.Pairs.Select(pair => pair.Target)
        );
        Assert.Equal(
            "po2xliff.xlf: 4 of 7 pairs kept, en to de; dropped: 1 in the state needs-translation (first: line 19), 1 "
                + "not translated (first: line 16), 1 with the header of a gettext file (first: line 5)",
            text.Reading.ToString()
        );
    }

    [Theory]
    [InlineData("omegat-level1.tmx", "")]
    [InlineData("omegat-level2.tmx", "; changed when read: 1 without inline tags, 4 in all (first: line 15)")]
    public void Memories_of_omegat_are_read_with_and_without_tags(string name, string changes)
    {
        var text = Read(name, new LanguagePair("en", "de"));
        Assert.Equal(
            [
                ("Harbor", "Hafen"),
                ("The harbor is open from six to nine.", "Der Hafen ist von sechs bis neun geöffnet."),
            ],
            text.Pairs.Select(pair => (pair.Source, pair.Target))
        );
        Assert.Equal($"{name}: 2 of 2 pairs kept, en to de{changes}", text.Reading.ToString());
        Assert.Equal(text.Pairs, Read(name).Pairs);
    }

    private static ParallelText Read(string name, LanguagePair? languages = null) =>
        ParallelText.Read(
            new(name),
            Path.Combine(GoldenFolder.Path, "exchange"),
            languages,
            cancellation: TestContext.Current.CancellationToken
        );
}
