namespace TransformerClinic.Documents.Tests.Formats.Xliff;

/// <summary>Translate Toolkit and libxml2 read a filled file.</summary>
public class TranslateToolkitTests
{
    [Fact]
    public void Translate_toolkit_finds_the_translations()
    {
        using var folder = new TemporaryFolder();
        var file = folder.Write(
            "app.xlf",
            RoundTrip.Translate("xliff", Samples.Bytes("app.xlf"), FakeTranslators.Capitals)
        );
        OtherProgram.Output("xliff2po", "translate-toolkit", "--progress=none", file, folder.PathOf("app.po"));

        var lines = File.ReadAllLines(folder.PathOf("app.po"));
        Assert.Equal(
            ["DATEI ÖFFNEN", "SPEICHERN & SCHLIEẞEN", "Done", ""],
            lines
                .Index()
                .Where(line => line.Item.StartsWith("msgid \"", StringComparison.Ordinal) && line.Item != "msgid \"\"")
                .Select(line => lines[line.Index + 1]["msgstr \"".Length..^1].Replace('ß', 'ẞ'))
        );
    }

    [Fact]
    public void Libxml_reads_it()
    {
        using var folder = new TemporaryFolder();
        var file = folder.Write(
            "app.xlf",
            RoundTrip.Translate("xliff", Samples.Bytes("app.xlf"), FakeTranslators.Saying("a < b & \u0002 c"))
        );

        Assert.Equal("", OtherProgram.Output("xmllint", "libxml2-utils", "--noout", file));
    }
}
