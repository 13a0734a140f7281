using TransformerClinic.Reports.Figures;

namespace TransformerClinic.Tests.Reports.Figures;

public class BucketFigureTests
{
    [Fact]
    public void Many_buckets_are_labelled_by_their_lower_bounds_which_do_not_run_into_each_other()
    {
        string[] buckets = ["0", "1", "2", "3-4", "5-9", "10-99", "100-999", "1000 or more"];
        var comparison = Patients.Outputs("one", "two", "");
        comparison = comparison with
        {
            ByFrequency = [.. buckets.Select(bucket => comparison.ByFrequency[0] with { Frequency = bucket })],
        };

        var drawn = BucketFigure.OfFrequencies(comparison)!;

        Assert.All(
            ["0", "1", "2", "3+", "5+", "10+", "100+", "1000+"],
            label => Assert.Contains($">{label}</text>", drawn.Drawing.Shapes, StringComparison.Ordinal)
        );
        Assert.Contains("100-999", drawn.Tables[0].Rows.Select(row => row[0].Text));
    }
}
