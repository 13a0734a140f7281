using TransformerClinic.Distribution;

namespace TransformerClinic.Tests.Distribution;

public class MpiLibraryTests
{
    [Theory]
    [InlineData("Open MPI v4.1.4, package: Debian OpenMPI, ident: 4.1.4, repo rev: v4.1.4", "Open MPI 4.1.4")]
    [InlineData("MPICH Version:\t4.0.2\nMPICH Release date:\tThu Apr  7 12:34:45 CDT 2022\n", "MPICH 4.0.2")]
    [InlineData("Intel(R) MPI Library 2021.9 for Linux* OS\n", "Intel(R) MPI Library 2021.9 for Linux* OS")]
    public void A_version_is_short(string said, string shown) => Assert.Equal(shown, MpiLibrary.ShortVersion(said));

    [Fact]
    public void Each_launcher_looks_for_its_own_library_first()
    {
        Assert.Contains("40", MpiLibrary.Candidates(MpiFamily.OpenMpi)[0], StringComparison.Ordinal);
        Assert.Contains("40", MpiLibrary.Candidates(MpiFamily.Mpich)[^1], StringComparison.Ordinal);
        Assert.Equal(
            MpiLibrary.Candidates(MpiFamily.OpenMpi).Order(StringComparer.Ordinal),
            MpiLibrary.Candidates(MpiFamily.Mpich).Order(StringComparer.Ordinal)
        );
    }
}
