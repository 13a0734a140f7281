using TransformerClinic.Common;
using TransformerClinic.Reproduction.Studies;

namespace TransformerClinic.Reproduction.Tests.Studies;

public class StudyCatalogTests
{
    [Fact]
    public void Names_are_unique_and_fit_for_files_and_links()
    {
        var ids = StudyCatalog.Descriptions.Select(study => study.Id).ToList();

        Assert.Equal(ids.Distinct(), ids);
        Assert.All(ids, id => Assert.Matches("^[a-z0-9]+(-[a-z0-9]+)*$", id));
        Assert.Empty(ids.Intersect(["list", "all", "document"]));
    }

    [Fact]
    public void Every_study_states_its_claim_as_one_sentence_and_fits_its_budget() =>
        Assert.All(
            StudyCatalog.Descriptions,
            study =>
            {
                Assert.EndsWith(".", study.Claim);
                Assert.EndsWith(".", study.Criterion);
                Assert.InRange(study.Minutes, 0.01, 10);
                Assert.InRange(study.Hours, 0.01, 24);
            }
        );

    [Fact]
    public void An_unknown_name_is_a_user_mistake() =>
        Assert.Contains(
            "Did you mean fig4?",
            Assert.Throws<UserErrorException>(() => StudyCatalog.Find(["fig44"])).Message
        );
}
