using Spectre.Console;
using TransformerClinic.Common;
using TransformerClinic.Reports.Profiles;

namespace TransformerClinic.Cli.Output;

/// <summary>
/// Profiled omegas as a table on standard output: one row per sublayer, one column per depth, the reference next to
/// them.
/// </summary>
internal static class ProfileTable
{
    // A hundred layers have five hundred sublayers; the file has all of them.
    private static readonly int[] Shown = [1, 2, 3, 6, 12, 18, 24, 36, 54, 72, 100, 200, 300];

    public static void Write(ProfileResults results, IReadOnlyList<ReferenceOmega> reference, string folder)
    {
        var table = new Table().AddColumns("stack", "sublayer");
        table.AddColumns([.. results.Depths.Select(depth => $"{depth.Depth} layers")]);
        if (reference.Count > 0)
        {
            table.AddColumns("reference", "deepest / reference");
        }

        var connections = results.Depths.SelectMany(depth => depth.Profile.Connections);
        foreach (var chain in connections.Select(found => found.Chain).Distinct())
        {
            foreach (var index in Shown)
            {
                var omegas = results.Depths.Select(depth => Omega(depth, chain, index)).ToList();
                if (omegas.Any(omega => omega is not null))
                {
                    var known = reference.FirstOrDefault(omega => omega.Chain == chain && omega.Index == index)?.Omega;
                    table.AddRow(Row(chain, index, omegas, known, reference.Count > 0));
                }
            }
        }

        var console = SpectreConsole.OnStandardOutput();
        console.Write(table);
        console.WriteLine(
            $"all omegas, and where each comes from: {Path.Combine(folder, "profile.csv")}; "
                + $"figures: {Path.Combine(folder, "omegas-*.svg")}"
        );
    }

    private static double? Omega(DepthProfile depth, string chain, int index) =>
        depth.Profile.Connections.FirstOrDefault(found => found.Chain == chain && found.Index == index)?.Omega;

    private static string[] Row(string chain, int index, List<double?> omegas, double? reference, bool withReference) =>
        [
            chain,
            Numbers.Plain(index),
            .. omegas.Select(Number),
            .. withReference ? new[] { Number(reference), Number(Deepest(omegas) / reference) } : [],
        ];

    private static double? Deepest(List<double?> omegas) => omegas.LastOrDefault(omega => omega is not null);

    private static string Number(double? value) => value is null ? "" : Numbers.Omega(value);
}
