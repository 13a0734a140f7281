namespace TransformerClinic.Web.Dashboard;

/// <summary>The addresses of a run's pages and events.</summary>
internal static class RunAddress
{
    /// <summary>Its page.</summary>
    public static string Page(string id) => $"{ServicePage.Runs}/{Uri.EscapeDataString(id)}";

    /// <summary>The page of a batch that its guard kept.</summary>
    public static string Batch(string id, string name) => $"{Page(id)}/offending/{Uri.EscapeDataString(name)}";

    /// <summary>Its report.</summary>
    public static string Report(string id) => $"{Page(id)}/report";

    /// <summary>Its events.</summary>
    public static string Events(string id) => $"/v1/runs/{Uri.EscapeDataString(id)}/events";

    /// <summary>The comparison with others, which are still to be chosen.</summary>
    public static string Compare(string id) => $"{ServicePage.Compare}?runs={Uri.EscapeDataString(id)}";
}
