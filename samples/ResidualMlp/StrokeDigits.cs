using static TorchSharp.torch;

namespace Samples.ResidualMlp;

/// <summary>
/// Images of the ten digits, 16 by 16: strokes that are turned, scaled, sheared, shifted, bent at their corners, of any
/// thickness, with noise. Every image is drawn from its seed, so there is nothing to download.
/// </summary>
internal static class StrokeDigits
{
    /// <summary>Number of classes.</summary>
    public const int Kinds = 10;

    /// <summary>Pixels per image.</summary>
    public const int Pixels = Size * Size;

    private const int Size = 16;

    /// <summary>Corners of each digit's stroke, in a box one wide and two high.</summary>
    private static readonly string[] Corners =
    [
        "0,0 1,0 1,2 0,2 0,0",
        "0.5,0 0.5,2",
        "0,0 1,0 1,1 0,1 0,2 1,2",
        "0,0 1,0 1,1 0.2,1 1,1 1,2 0,2",
        "0,0 0,1 1,1 1,0 1,2",
        "1,0 0,0 0,1 1,1 1,2 0,2",
        "1,0 0,0 0,2 1,2 1,1 0,1",
        "0,0 1,0 0.4,2",
        "0,0 1,0 1,2 0,2 0,0 0,1 1,1",
        "1,1 0,1 0,0 1,0 1,2 0,2",
    ];

    private static readonly IReadOnlyList<IReadOnlyList<(double X, double Y)>> Strokes =
    [
        .. Corners.Select(line =>
            line.Split(' ')
                .Select(corner => corner.Split(','))
                .Select(corner => (Number(corner[0]), Number(corner[1])))
                .ToList()
        ),
    ];

    /// <summary>Images <c>[count, pixels]</c> and the digit that each shows, <c>[count]</c>.</summary>
    public static (Tensor Images, Tensor Digits) Draw(int count, int seed)
    {
        var random = new Random(seed);
        var images = new float[count * Pixels];
        var digits = new long[count];
        for (var i = 0; i < count; i++)
        {
            digits[i] = random.Next(Kinds);
            Draw(images.AsSpan(i * Pixels, Pixels), Bent(Strokes[(int)digits[i]], random), random);
        }

        return (tensor(images, [count, Pixels]), tensor(digits));
    }

    /// <summary>The stroke in the image's coordinates.</summary>
    private static List<(double X, double Y)> Bent(IReadOnlyList<(double X, double Y)> stroke, Random random)
    {
        var (sin, cos) = Math.SinCos(0.25 * Normal(random));
        var (scale, shear) = (4.5 * Math.Exp(0.15 * Normal(random)), 0.15 * Normal(random));
        var (middleX, middleY) = ((Size / 2) + (1.2 * Normal(random)), (Size / 2) + (1.2 * Normal(random)));
        return
        [
            .. stroke.Select(corner =>
            {
                var x = (1.3 * (corner.X - 0.5)) + (shear * (corner.Y - 1)) + (0.08 * Normal(random));
                var y = (1.2 * (corner.Y - 1)) + (0.08 * Normal(random));
                return (middleX + (scale * ((cos * x) - (sin * y))), middleY + (scale * ((sin * x) + (cos * y))));
            }),
        ];
    }

    private static void Draw(Span<float> image, List<(double X, double Y)> stroke, Random random)
    {
        var thickness = 0.6 + (0.4 * random.NextDouble());
        for (var pixel = 0; pixel < Pixels; pixel++)
        {
            var (x, y) = ((pixel % Size) + 0.5, (pixel / Size) + 0.5);
            var distance = stroke.Zip(stroke.Skip(1), (from, to) => Distance(x, y, from, to)).Min();
            image[pixel] = (float)(Math.Clamp(1.5 - (distance / thickness), 0, 1) + (0.3 * Normal(random)));
        }
    }

    /// <summary>The distance from a point to the nearest point of a line segment.</summary>
    private static double Distance(double x, double y, (double X, double Y) from, (double X, double Y) to)
    {
        var (alongX, alongY) = (to.X - from.X, to.Y - from.Y);
        var nearest = Math.Clamp(
            (((x - from.X) * alongX) + ((y - from.Y) * alongY)) / ((alongX * alongX) + (alongY * alongY) + 1e-9),
            0,
            1
        );
        return Math.Sqrt(Math.Pow(x - from.X - (nearest * alongX), 2) + Math.Pow(y - from.Y - (nearest * alongY), 2));
    }

    /// <summary>A standard normal number (Box and Muller 1958).</summary>
    private static double Normal(Random random) =>
        Math.Sqrt(-2 * Math.Log(1 - random.NextDouble())) * Math.Cos(2 * Math.PI * random.NextDouble());

    private static double Number(string text) => double.Parse(text, System.Globalization.CultureInfo.InvariantCulture);
}
