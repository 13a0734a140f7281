using System.Diagnostics;

namespace TransformerClinic.Tests.Shared;

/// <summary>
/// Processes that tests start live for seconds, in which the runtime would compile most methods twice and watch them in
/// between. The test projects have the same settings (tests/Directory.Build.props); the product has the runtime's own.
/// </summary>
internal static class ShortLivedProcess
{
    /// <summary>Compiles methods with loops once, and counts nothing for the sake of later compilations.</summary>
    public static void Prepare(ProcessStartInfo start)
    {
        start.Environment["DOTNET_TieredPGO"] = "0";
        start.Environment["DOTNET_TC_QuickJitForLoops"] = "0";
    }
}
