using System.Xml.Linq;
using SkiaSharp;
using TransformerClinic.Diagnosis;
using TransformerClinic.Reports.Charts;

namespace TransformerClinic.Tests.Reports.Charts;

public class DrawingTests
{
    [Fact]
    public void Lines_are_drawn_and_their_points_stand_beside()
    {
        var drawing = new LineDrawing(
            "lines",
            "Title",
            "Reading",
            "n",
            "y",
            [new("a \"b\"", [(1, 0.5), (2, 0), (3, double.NaN)], 0), new("c", [(1, 2)], 1, Thin: true)]
        )
        {
            LogarithmicY = true,
        };

        Assert.Equal(
            "series,x,y\n\"a \"\"b\"\"\",1,0.5\n\"a \"\"b\"\"\",2,0\n\"a \"\"b\"\"\",3,NaN\n\"c\",1,2\n",
            Written(drawing)
        );
    }

    [Fact]
    public void A_triangle_has_a_cell_a_value() =>
        Assert.Equal(
            "i,j,value\n1,1,0.5\n2,1,0.25\n2,2,0.75\n",
            Written(
                new TriangleDrawing(
                    "triangle",
                    "Title",
                    "Reading",
                    [
                        [0.5],
                        [0.25, 0.75],
                    ],
                    Highest: 0.5
                )
            )
        );

    [Fact]
    public void Histograms_share_their_bins()
    {
        var csv = Written(
            new HistogramDrawing(
                "histogram",
                "Title",
                "Reading",
                "x",
                "y",
                [new("one", LogHistogram.Of([0.5, 1], 1)), new("two", LogHistogram.Of([0.01], 1))]
            )
        );

        Assert.Equal(9, csv.Split('\n', StringSplitOptions.RemoveEmptyEntries).Length);
        Assert.Contains("\"two\",0.1,0.1778,1\n", csv, StringComparison.Ordinal);
    }

    [Fact]
    public void A_file_has_the_names_of_its_lines_and_a_page_has_them_as_a_list()
    {
        var drawing = new LineDrawing("lines", "Title", "Reading", "n", "y", [new("first", [(1, 1), (2, 3)], 0)]);

        using var folder = new TemporaryFolder();
        drawing.Write(folder.FullName);

        var texts = XDocument
            .Load(folder.PathOf("lines.svg"))
            .Descendants()
            .Where(text => text.Name.LocalName == "text");
        Assert.Equal(
            ["Title", "y", "n", "first"],
            texts.Select(text => text.Value).Where(text => text.All(char.IsLetter))
        );
        Assert.Equal(["first"], drawing.View().Legend.Select(entry => entry.Name));
    }

    /// <summary>The colors come round after six lines: from then on they are dashed, in both kinds of files.</summary>
    [Fact]
    public void A_seventh_line_is_dashed()
    {
        LineDrawing Of(int color) =>
            new("lines", "Title", "Reading", "n", "y", [new("line", [(1, 1), (50, 1)], color, Thin: true)]);
        using var folder = new TemporaryFolder();

        int Pixels(int color)
        {
            Of(color).Write(folder.FullName);
            using var png = SKBitmap.Decode(folder.PathOf("lines.png"));
            Assert.Equal((1440, 920), (png.Width, png.Height));
            return png.Pixels.Count(pixel => pixel == SKColor.Parse(Palette.Blue));
        }

        var solid = Pixels(0);
        var (dashed, svg) = (Pixels(6), File.ReadAllText(folder.PathOf("lines.svg")));
        Assert.Contains("stroke-dasharray", svg, StringComparison.Ordinal);
        Assert.InRange(dashed, 0.5 * solid, 0.8 * solid);
    }

    [Fact]
    public void Heat_goes_from_dark_to_bright()
    {
        Assert.Equal(("#440154", "#FDE725"), (Heat.Of(-1), Heat.Of(2)));
        Assert.Equal("#22908C", Heat.Of(4.5 / 9));
        var brightness = Enumerable.Range(0, 101).Select(share => SKColor.Parse(Heat.Of(share / 100.0)).Green).ToList();
        Assert.Equal(brightness.Order(), brightness);
    }

    /// <summary>Writes a drawing, checks that its files are whole, and gives the table.</summary>
    private static string Written(Drawing drawing)
    {
        using var folder = new TemporaryFolder();
        drawing.Write(folder.FullName);
        var svg = XDocument.Load(folder.PathOf(drawing.Name + ".svg"));
        Assert.Contains("Title", svg.Root!.Value, StringComparison.Ordinal);
        Assert.EndsWith(", sans-serif", svg.Root.Attribute("font-family")!.Value, StringComparison.Ordinal);
        Assert.Equal(
            [0x89, (byte)'P', (byte)'N', (byte)'G'],
            File.ReadAllBytes(folder.PathOf(drawing.Name + ".png"))[..4]
        );
        var inPage = XElement.Parse($"<svg>{drawing.View().Drawing.Shapes}</svg>");
        Assert.DoesNotContain("Title", inPage.Value, StringComparison.Ordinal);
        Assert.NotEmpty(inPage.Elements());
        Assert.Equal(File.ReadAllText(folder.PathOf(drawing.Name + ".csv")), drawing.View().Data);
        return File.ReadAllText(folder.PathOf(drawing.Name + ".csv"));
    }
}
