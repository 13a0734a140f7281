using TransformerClinic.Pages.Dashboard;

namespace TransformerClinic.Pages.Live;

/// <summary>The page of all runs.</summary>
/// <param name="Runs">The runs.</param>
/// <param name="Summary">How many there are, in words.</param>
public sealed record RunListView(RunTableView Runs, string Summary);
