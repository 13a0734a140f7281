namespace TransformerClinic.Web.Dashboard;

/// <summary>A line of a chart that a script keeps up to date.</summary>
/// <param name="Events">The address of the run's events.</param>
/// <param name="Kind">The kind of the log's lines that it is made of.</param>
/// <param name="Field">The field of those lines.</param>
/// <param name="Name">What it is.</param>
/// <param name="Color">Its color on a light page.</param>
/// <param name="Width">Its width.</param>
/// <param name="Dashed">Whether it is dashed.</param>
internal sealed record ChartSeries(
    string Events,
    string Kind,
    string Field,
    string Name,
    string Color,
    double Width,
    bool Dashed = false
);
