using Microsoft.AspNetCore.Http;
using TransformerClinic.Web.Security;

namespace TransformerClinic.Web.Runs;

/// <summary>The runs that a request names.</summary>
internal static class RunSelection
{
    /// <summary>Runs that can be compared at once: as many as there are colors.</summary>
    public const int Most = 6;

    /// <summary>The run of an id.</summary>
    /// <exception cref="Refusal">There is none.</exception>
    public static RunPlace One(RunCatalog catalog, string id) =>
        catalog.Find(id)
        ?? throw new Refusal(
            StatusCodes.Status404NotFound,
            catalog.IsShown
                ? "There is no such run. GET /v1/runs lists those that there are."
                : "This service shows no runs: it was started without a folder of runs.",
            "run"
        );

    /// <summary>The runs of <c>?runs=a,b</c> or <c>?runs=a&amp;runs=b</c>, each once, in the order given.</summary>
    /// <exception cref="Refusal">There is no such run, or there are too many.</exception>
    public static IReadOnlyList<RunPlace> Several(RunCatalog catalog, IQueryCollection query)
    {
        var all = catalog.Runs.ToDictionary(run => run.Id, StringComparer.Ordinal);
        List<string> ids =
        [
            .. query["runs"]
                .OfType<string>()
                .SelectMany(value => all.ContainsKey(value) ? [value] : value.Split(','))
                .Where(id => id.Length > 0)
                .Distinct(StringComparer.Ordinal),
        ];
        return ids.Count > Most
            ? throw Refusal.Invalid($"The request names {ids.Count} runs; at most {Most} can be compared at once.")
            : [.. ids.Select(id => all.GetValueOrDefault(id) ?? One(catalog, id))];
    }
}
