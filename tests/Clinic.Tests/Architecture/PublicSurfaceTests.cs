using TransformerClinic.Common;

namespace TransformerClinic.Tests.Architecture;

/// <summary>
/// A type of the engine is internal unless a program needs it to load, translate, score, train, diagnose or fold. The
/// build holds the public ones to PublicAPI.Unshipped.txt; this says how many may be there.
/// </summary>
public class PublicSurfaceTests
{
    private const int Most = 74;

    [Fact]
    public void The_engine_has_few_public_types()
    {
        var types = typeof(UserErrorException).Assembly.GetExportedTypes();

        Assert.InRange(types.Length, 30, Most);
    }
}
