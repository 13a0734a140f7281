using System.Globalization;

namespace TransformerClinic.Bench.Prediction;

/// <summary>How the trainings of both grids ended, as <c>docs/data/prediction-grids.csv</c> holds it.</summary>
internal static class GridOutcomes
{
    /// <summary>The file in the folder of data.</summary>
    public const string FileName = "prediction-grids.csv";

    /// <summary>The outcomes by their cells.</summary>
    public static IReadOnlyDictionary<GridCell, CellOutcome> Read(string path)
    {
        var found = new Dictionary<GridCell, CellOutcome>();
        var cells = GridCell.Known.Concat(GridCell.Unseen).ToDictionary(Key);
        foreach (var line in File.ReadLines(path).Skip(1))
        {
            var values = line.Split(',');
            var cell = cells[string.Join(',', values.Take(5))];
            found[cell] = new CellOutcome(
                cell,
                int.Parse(values[5], CultureInfo.InvariantCulture),
                values[6].Length > 0 ? double.Parse(values[6], CultureInfo.InvariantCulture) : null,
                double.Parse(values[7], CultureInfo.InvariantCulture),
                double.Parse(values[8], CultureInfo.InvariantCulture)
            );
        }

        return found;
    }

    private static string Key(GridCell cell) =>
        string.Create(
            CultureInfo.InvariantCulture,
            $"{Model.VariantNames.Key(cell.Variant)},{cell.Layers},{cell.LearningRate},{cell.WarmUpUpdates},{cell.Seed}"
        );
}
