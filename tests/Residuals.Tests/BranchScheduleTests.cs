using TransformerClinic.Residuals.Remedies;
using static TorchSharp.torch;

namespace TransformerClinic.Residuals.Tests;

public class BranchScheduleTests
{
    private const int Dim = 6;

    public static TheoryData<ResidualVariant> Variants => [.. Enum.GetValues<ResidualVariant>()];

    [Theory]
    [InlineData(BranchSchedule.None, 0, 0, 3, 1)]
    [InlineData(BranchSchedule.ProRes, 0, 0, 0, 0)] // the identity before the first update
    [InlineData(BranchSchedule.ProRes, 0, 500, 0, 0.5)] // T = 1000
    [InlineData(BranchSchedule.ProRes, 0, 500, 1, 0.25)]
    [InlineData(BranchSchedule.ProRes, 0, 2000, 1, 1)]
    [InlineData(BranchSchedule.ProRes, 0, 2001, 1, 1)]
    [InlineData(BranchSchedule.ProRes, 100, 150, 1, 0.75)]
    [InlineData(BranchSchedule.BranchNorm, 0, 500, 7, 0.5)]
    [InlineData(BranchSchedule.BranchNorm, 100, 25, 7, 0.25)]
    public void A_branch_is_as_large_as_its_update_and_layer_say(
        BranchSchedule schedule,
        int period,
        long updates,
        int layer,
        double expected
    ) => Assert.Equal(expected, BranchScheduleOf.Factor(schedule, period, updates, layer, layers: 12), 1e-12);

    [Fact]
    public void In_very_deep_stacks_branches_grow_twice_as_fast() =>
        Assert.Equal((1000, 500), (BranchScheduleOf.Period(95), BranchScheduleOf.Period(96)));

    /// <summary>The factor of a schedule is that of the branch, whatever other factor it has.</summary>
    [Theory]
    [MemberData(nameof(Variants))]
    public void A_scheduled_connection_computes_what_it_computes_of_a_smaller_branch(ResidualVariant variant)
    {
        using var scope = NewDisposeScope();
        using var noGradient = no_grad();
        using var plain = Create(variant, BranchSchedule.None);
        using var scheduled = Create(variant, BranchSchedule.ProRes);
        var factor = scheduled.get_parameter(ResidualConnection.ScheduleName)!;
        factor.fill_(0.25);
        foreach (var (name, parameter) in plain.named_parameters().Where(entry => entry.parameter.shape is [1]))
        {
            parameter.fill_(0.5); // ReZero's alpha
            scheduled.get_parameter(name)!.fill_(0.5);
        }

        // What a normalization makes of the branch does not depend on its size: the factor comes after it.
        var (x, f) = (plain.BeginStack(randn(3, Dim)), randn(3, Dim));
        var expected = plain.Form!.Inner is null ? plain.call(x, f * 0.25) : x + (0.25 * plain.Form.Inner.Apply(f));

        Assert.False(factor.requires_grad);
        Assert.Equal(
            expected.data<float>().ToArray(),
            scheduled.call(x, f).data<float>().ToArray(),
            (a, b) => Math.Abs(a - b) < 1e-5
        );
    }

    private static ResidualConnection Create(ResidualVariant variant, BranchSchedule schedule) =>
        new ResidualFactory(
            Dim,
            StackShape.Alone(4),
            new ResidualOptions { Variant = variant, BranchSchedule = schedule }
        ).NextLayer(1)[0];
}
