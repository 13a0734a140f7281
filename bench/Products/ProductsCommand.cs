using System.CommandLine;

namespace TransformerClinic.Bench.Products;

/// <summary>
/// The kernel of training's float32 products next to libtorch's: <c>dotnet run -c Release --project bench --
/// products</c>
/// </summary>
internal static class ProductsCommand
{
    // Rows, depth and columns of a model of width 128, then of 512, then of a square.
    private static readonly (int Rows, int Depth, int Columns)[] Shapes =
    [
        (200, 128, 512),
        (200, 128, 4346),
        (512, 512, 2048),
        (1700, 512, 2048),
        (1700, 512, 10_000),
        (2048, 1024, 4096),
    ];

    public static Command Create()
    {
        var rounds = new Option<int>("--rounds")
        {
            Description = "How often the two take turns; the best of each counts.",
            DefaultValueFactory = _ => 10,
        };
        var command = new Command(
            "products",
            "Speed of training's float32 products by the project's kernel and by libtorch, by turns, on one thread."
        )
        {
            rounds,
        };
        command.SetAction(parsed =>
        {
            Console.WriteLine("C = A B, GFLOP/s: the layer, its gradient for the input, its gradient for the weight");
            Console.WriteLine(
                $"{"rows", 6} {"inputs", 7} {"outputs", 8}  {"ours", 15} {"libtorch", 15} {"times as fast", 17}"
            );
            foreach (var (rows, depth, columns) in Shapes)
            {
                var speeds = ProductSpeeds.Of(rows, depth, columns, parsed.GetValue(rounds));
                Console.WriteLine(
                    $"{rows, 6} {depth, 7} {columns, 8}  {Three(speeds, one => one.Ours, "0"), 15} "
                        + $"{Three(speeds, one => one.Libtorch, "0"), 15} "
                        + $"{Three(speeds, one => one.Ours / one.Libtorch, "0.00"), 17}"
                );
            }
        });
        return command;
    }

    private static string Three(
        IEnumerable<(double Ours, double Libtorch)> speeds,
        Func<(double Ours, double Libtorch), double> number,
        string format
    ) =>
        string.Join(
            ' ',
            speeds.Select(one => number(one).ToString(format, System.Globalization.CultureInfo.InvariantCulture))
        );
}
