using System.Globalization;
using System.Text;
using TransformerClinic.Training.Profiling;

namespace TransformerClinic.Reports.Profiles;

/// <summary>What profiling found at one depth.</summary>
/// <param name="Depth">The model's depth.</param>
/// <param name="Parameters">The model's parameters.</param>
/// <param name="Seconds">Time of the profiling pass.</param>
/// <param name="Profile">The omegas and where they come from.</param>
internal sealed record DepthProfile(ModelDepth Depth, long Parameters, double Seconds, AdminProfile Profile);

/// <summary>What profiling found at several depths of one recipe, as <c>profile.json</c> holds it.</summary>
/// <param name="Recipe">The recipe's name.</param>
/// <param name="Depths">Depth by depth.</param>
internal sealed record ProfileResults(string Recipe, IReadOnlyList<DepthProfile> Depths)
{
    /// <summary>All omegas as comma-separated values.</summary>
    public string Csv()
    {
        var csv = new StringBuilder("depth,chain,index,omega,shortcutVariance,branchVariance,why\n");
        foreach (var depth in Depths)
        {
            foreach (var found in depth.Profile.Connections)
            {
                csv.Append(
                    CultureInfo.InvariantCulture,
                    $"{depth.Depth},{found.Chain},{found.Index},{found.Omega:R},{found.ShortcutVariance:R},"
                        + $"{found.BranchVariance:R},\"{found.Why}\"\n"
                );
            }
        }

        return csv.ToString();
    }
}
