using System.Xml.Linq;
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

    /// <summary>Writes a drawing, checks that its files are whole, and gives the table.</summary>
    private static string Written(Drawing drawing)
    {
        using var folder = new TemporaryFolder();
        drawing.Write(folder.FullName);
        var svg = XDocument.Load(folder.PathOf(drawing.Name + ".svg"));
        Assert.Contains("Title", svg.Root!.Value, StringComparison.Ordinal);
        Assert.All(
            svg.Descendants().Attributes("font-family"),
            font => Assert.EndsWith(", sans-serif", font.Value, StringComparison.Ordinal)
        );
        Assert.Equal(
            [0x89, (byte)'P', (byte)'N', (byte)'G'],
            File.ReadAllBytes(folder.PathOf(drawing.Name + ".png"))[..4]
        );
        const string Data = "src=\"data:image/svg+xml;base64,";
        var inPage = drawing.Render().ToString().Split(Data)[1].Split('"')[0];
        Assert.DoesNotContain(
            "Title",
            XDocument.Parse(System.Text.Encoding.UTF8.GetString(Convert.FromBase64String(inPage))).Root!.Value,
            StringComparison.Ordinal
        );
        return File.ReadAllText(folder.PathOf(drawing.Name + ".csv"));
    }
}
