using TransformerClinic.Common;
using TransformerClinic.Model;
using TransformerClinic.Pages.Elements;
using TransformerClinic.Reports.Charts;

namespace TransformerClinic.Reports.Figures;

/// <summary>Omegas of one stack from its input to its output, at initialization and after training.</summary>
internal static class OmegaFigure
{
    /// <summary>The figure, or null if the stack has no omegas.</summary>
    public static FigureView? Of(IReadOnlyList<SublayerOmega> omegas, StackName stack)
    {
        var own = omegas.Where(omega => omega.Address.Stack == stack).ToList();
        if (own.Count == 0)
        {
            return null;
        }

        var places = Places(own);
        var trained = own.Zip(places)
            .Where(pair => pair.First.Trained is not null)
            .Select(pair => (X: pair.Second, Spread: pair.First.Trained!))
            .ToList();
        var values = own.Select(omega => omega.Initial)
            .Concat(trained.SelectMany(point => (double[])[point.Spread.Min, point.Spread.Max]));
        var layers = own.Max(omega => omega.Address.LayerNumber);
        var x = LayerAxis(layers);
        var chart = new Chart(x, Axis.Around(values, fromZero: true), "layer, from input to output", "omega");
        chart.Band([.. trained.Select(point => (point.X, point.Spread.Min, point.Spread.Max))], Palette.Blue);
        chart.Line([.. trained.Select(point => (point.X, point.Spread.Mean))], Palette.Blue, 2.5);
        chart.Points([.. places.Zip(own, (place, omega) => (place, omega.Initial))], Palette.Vermilion, 6);

        var name = stack.Word();
        var title = $"Omegas of the {name}";
        return Figure.View(
            $"omega-{name}",
            title,
            "The weight of the shortcut in every sublayer. It grows with depth, so no single branch can upset the "
                + "sum that went before. Training then moves each channel's weight on its own.",
            Legend(trained.Count > 0),
            chart,
            $"Chart of omega over {layers} layers of the {name}: at initialization from "
                + $"{Numbers.Omega(own[0].Initial)} in the first sublayer to {Numbers.Omega(own[^1].Initial)} in the "
                + "last"
                + (
                    trained.Count > 0
                        ? $"; after training the mean goes from {Numbers.Omega(trained[0].Spread.Mean)} to "
                            + $"{Numbers.Omega(trained[^1].Spread.Mean)}."
                        : "."
                ),
            NumbersOf(title, own)
        );
    }

    private static LegendEntry[] Legend(bool trained) =>
        [
            new("at initialization", Palette.Vermilion, Swatch.Dot),
            .. trained
                ?
                [
                    new LegendEntry("after training, mean", Palette.Blue, Swatch.Line),
                    new LegendEntry("smallest to largest channel", Palette.Blue, Swatch.Area),
                ]
                : (LegendEntry[])[],
        ];

    // A layer's sublayers share the room from half a layer before its tick to half a layer after it.
    private static List<double> Places(IReadOnlyList<SublayerOmega> omegas)
    {
        var sizes = omegas
            .GroupBy(omega => omega.Address.LayerNumber)
            .ToDictionary(layer => layer.Key, layer => layer.Count());
        var seen = new Dictionary<int, int>();
        var places = new List<double>();
        foreach (var omega in omegas)
        {
            var index = seen.GetValueOrDefault(omega.Address.LayerNumber);
            seen[omega.Address.LayerNumber] = index + 1;
            places.Add(omega.Address.LayerNumber - 0.5 + ((index + 0.5) / sizes[omega.Address.LayerNumber]));
        }

        return places;
    }

    private static Axis LayerAxis(int layers)
    {
        var step = layers switch
        {
            <= 8 => 1,
            <= 16 => 2,
            <= 30 => 5,
            <= 60 => 10,
            _ => 20,
        };
        var ticks = Enumerable.Range(1, layers).Where(layer => layer % step == 0 || (layer == 1 && step > 1));
        return new Axis(0.3, layers + 0.7, [.. ticks.Select(layer => ((double)layer, Numbers.Count(layer)))]);
    }

    private static TableView NumbersOf(string caption, List<SublayerOmega> omegas) =>
        new(
            caption,
            ["layer, sublayer", "at initialization", "mean after training", "smallest", "largest"],
            [
                .. omegas.Select(omega =>
                    (CellView[])
                        [
                            $"{Numbers.Count(omega.Address.LayerNumber)}, {omega.Address.Kind.Word()}",
                            Numbers.Omega(omega.Initial),
                            Numbers.Omega(omega.Trained?.Mean),
                            Numbers.Omega(omega.Trained?.Min),
                            Numbers.Omega(omega.Trained?.Max),
                        ]
                ),
            ]
        );
}
