using TransformerClinic.Documents.Segments.Placeholders;

namespace TransformerClinic.Documents.Tests.Segments.Placeholders;

public class PlaceholderFinderTests
{
    private const string Drive = "D:";

    [Theory]
    [InlineData("Die {0} und {1:N2} sowie {name}.", "{0}|{1:N2}|{name}")]
    [InlineData("Hallo {{ user.name }}, du hast ${count}.", "{{ user.name }}|${count}")]
    [InlineData("%s hat %d von %1$s, %5.2f, %-3d, %(name)s und %@.", "%s|%d|%1$s|%5.2f|%-3d|%(name)s|%@")]
    [InlineData("Der Pfad %PATH% und __PH__ und __TWO_PARTS__.", "%PATH%|__PH__|__TWO_PARTS__")]
    [InlineData("Das kostet 50 % mehr, 100%ig sicher, 5% der Leute.", "")]
    [InlineData("Das sind 5%% davon.", "%%")]
    [InlineData("Ein&nbsp;Wort &amp; noch&#160;eins &#xA0;.", "&nbsp;|&amp;|&#160;|&#xA0;")]
    [InlineData("Müller & Söhne; das war's.", "")]
    [InlineData("Siehe https://example.org/a_(b)?c=d&e=f#g.", "https://example.org/a_(b)?c=d&e=f#g")]
    [InlineData("(Siehe www.example.org/hilfe.html).", "www.example.org/hilfe.html")]
    [InlineData("Siehe „http://example.org“, ja.", "http://example.org")]
    [InlineData("An info@example.org, bitte.", "info@example.org")]
    [InlineData("Öffnen Sie " + Drive + @"\Texte\Name\datei.txt, bitte.", Drive + @"\Texte\Name\datei.txt")]
    [InlineData(@"Auf \\server\share\datei.txt.", @"\\server\share\datei.txt")]
    [InlineData("In /usr/share/doc/readme.txt oder ~/texte.", "/usr/share/doc/readme.txt|~/texte")]
    [InlineData("Lesen und/oder schreiben, Herr/Frau/Divers, 100 km/h/m.", "")]
    [InlineData("Eine Menge {a, b} und {}.", "{}")]
    [InlineData("Ohne alles: Z. B. um 12:30 Uhr (5 / 7) = 3,5.", "")]
    public void Placeholders_are_found_and_nothing_else(string text, string expected) =>
        Assert.Equal(
            expected.Split('|', StringSplitOptions.RemoveEmptyEntries),
            PlaceholderFinder.Find(text).Select(range => range.Of(text))
        );
}
