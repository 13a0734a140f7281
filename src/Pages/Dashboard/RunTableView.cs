using TransformerClinic.Pages.Elements;

namespace TransformerClinic.Pages.Dashboard;

/// <summary>Runs, a row each, of which the reader can choose several.</summary>
/// <param name="Caption">What the table holds.</param>
/// <param name="Columns">What is said of each run, after its name.</param>
/// <param name="Rows">The runs.</param>
public sealed record RunTableView(string Caption, IReadOnlyList<ColumnView> Columns, IReadOnlyList<RunRow> Rows)
{
    /// <summary>
    /// The page that the chosen runs are sent to, as <c>?runs=ID</c> for each; empty if there is nothing to choose.
    /// </summary>
    public string ChoiceAddress { get; init; } = "";

    /// <summary>What the button says that sends them.</summary>
    public string ChoiceLabel { get; init; } = "Compare the chosen runs";

    /// <summary>What is said if there is no run.</summary>
    public string Empty { get; init; } = "There are no runs yet.";
}

/// <summary>A run in a table.</summary>
/// <param name="Id">What the server knows it by.</param>
/// <param name="Name">Name of the run.</param>
/// <param name="Address">The run's own page.</param>
/// <param name="Cells">A cell for each column.</param>
public sealed record RunRow(string Id, string Name, string Address, IReadOnlyList<CellView> Cells)
{
    /// <summary>Whether it is chosen.</summary>
    public bool IsChosen { get; init; }
}
