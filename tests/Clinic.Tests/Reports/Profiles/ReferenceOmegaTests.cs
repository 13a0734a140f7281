using TransformerClinic.Common;
using TransformerClinic.Reports.Profiles;

namespace TransformerClinic.Tests.Reports.Profiles;

public class ReferenceOmegaTests
{
    [Fact]
    public void The_authors_omegas_grow_along_each_stack()
    {
        var omegas = ReferenceOmega.Read(RepositoryRoot.PathOf("docs", "data", "authors-profile-100l.csv"));
        Assert.Equal(["encoder", "decoder"], omegas.Select(omega => omega.Chain).Distinct());
        Assert.All(
            omegas.GroupBy(omega => omega.Chain),
            stack =>
            {
                Assert.Equal((1, 1), (stack.First().Index, stack.First().Omega));
                Assert.Equal(stack.OrderBy(omega => omega.Index), stack.OrderBy(omega => omega.Omega));
            }
        );
    }

    [Theory]
    [InlineData("", "the first line must be")]
    [InlineData("index,omega\n1,1\n", "the first line must be")]
    [InlineData("# source\nchain,index,omega\nencoder,1,1.0\nencoder,two,1.3\n", "line 4")]
    [InlineData("chain,index,omega\nmiddle,1,1.0\n", "line 2")]
    [InlineData("chain,index,omega\nencoder,1,NaN\n", "line 2")]
    public void A_table_that_is_none_is_refused_by_its_line(string text, string named)
    {
        using var folder = new TemporaryFolder();
        var path = folder.Write("omegas.csv", text);
        Assert.Contains(
            named,
            Assert.Throws<UserErrorException>(() => ReferenceOmega.Read(path)).Message,
            StringComparison.Ordinal
        );
    }
}
