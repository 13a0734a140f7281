using TransformerClinic.Diagnosis;
using TransformerClinic.Tests.Remedies;

namespace TransformerClinic.Tests.Diagnosis;

public class ParameterGroupsTests
{
    public static TheoryData<string> Variants => [.. RemedyCases.Variants];

    [Theory]
    [MemberData(nameof(Variants))]
    public void Every_parameter_of_every_variant_has_a_group(string variant)
    {
        using var model = RemedyCases.Shaken(variant);
        Assert.All(
            model.named_parameters(),
            entry =>
                Assert.All(
                    ParameterGroups.Of(entry.name, entry.parameter),
                    part => Assert.NotEqual(ParameterGroup.Other, part.Group)
                )
        );
    }
}
