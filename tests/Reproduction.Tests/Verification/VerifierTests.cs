using TransformerClinic.Common;
using TransformerClinic.Reproduction.Verification;
using TransformerClinic.Reproduction.Verification.Quantities;
using TransformerClinic.Reproduction.Verification.Reference;

namespace TransformerClinic.Reproduction.Tests.Verification;

/// <summary>Our code computes every reference value in the tests' folder.</summary>
[Trait("Speed", "Slow")]
public sealed class VerifierTests(VerifierTests.WholeFolder whole) : IClassFixture<VerifierTests.WholeFolder>
{
    [Theory]
    [InlineData("model/positions", 1)]
    [InlineData("model/postln/", 24)]
    [InlineData("model/preln/", 16)]
    [InlineData("model/encpre_decpost/", 16)]
    [InlineData("model/encpost_decpre/", 16)]
    [InlineData("model/postln_untied/", 16)]
    [InlineData("model/admin/", 50)]
    [InlineData("model/rezero/", 16)]
    [InlineData("model/rezero_postln/", 16)]
    [InlineData("model/deepnet/", 16)]
    [InlineData("model/looklinear/", 14)]
    [InlineData("optim/", 59)]
    [InlineData("decode/", 253)]
    [InlineData("metrics/", 22)]
    [InlineData("admin_torch/", 3)]
    [InlineData("analysis/", 28)]
    public void Every_recorded_quantity_equals_the_reference(string beginning, int atLeast)
    {
        var quantities = whole
            .Report.Quantities.Where(quantity =>
                quantity.Name.StartsWith(beginning, StringComparison.Ordinal) && quantity.Verdict != Verdict.NotYet
            )
            .ToList();

        Assert.All(quantities, quantity => Assert.True(quantity.Verdict == Verdict.Holds, $"{quantity}"));
        Assert.True(quantities.Count >= atLeast, $"only {quantities.Count} quantities were compared");
    }

    [Fact]
    public void Everything_that_is_recorded_is_implemented() =>
        Assert.DoesNotContain(whole.Report.Quantities, quantity => quantity.Verdict == Verdict.NotYet);

    [Fact]
    public void A_section_that_is_missing_is_announced() =>
        Assert.Equal(
            [("anchors", "not there")],
            whole
                .Report.Quantities.Where(quantity => quantity is { Verdict: Verdict.NotCompared, Detail: "not there" })
                .Select(quantity => (quantity.Name, quantity.Detail))
        );

    [Fact]
    public void Totals_are_those_of_the_lines()
    {
        var report = whole.Report;

        Assert.Equal(report.Quantities.Count, report.Hold + report.Fail + report.NotYet + report.NotCompared);
        Assert.Equal(
            $"{report.Hold} hold, {report.Fail} fail, {report.NotYet} not yet, {report.NotCompared} not compared",
            report.Summary
        );
    }

    [Fact]
    public void No_quantity_occurs_twice() =>
        Assert.Equal(
            whole.Report.Quantities.Count,
            whole.Report.Quantities.Select(quantity => quantity.Name).Distinct().Count()
        );

    [Fact]
    public void Only_what_is_requested_is_compared()
    {
        var report = new Verifier(new ReferenceFolder(GoldenFolder.Path), "model/admin/*/float64/logits").Run(
            cancellation: TestContext.Current.CancellationToken
        );

        Assert.Equal(
            [
                "model/admin/init.batch2/float64/logits",
                "model/admin/perturbed/float64/logits",
                "model/admin/profiling/float64/logits",
            ],
            report.Quantities.Select(quantity => quantity.Name)
        );
        Assert.True(
            report.Quantities.All(whole.Report.Quantities.Contains),
            "a quantity differs from that of the whole run"
        );
    }

    [Fact]
    public void Any_number_of_workers_finds_the_same()
    {
        var verifier = new Verifier(new ReferenceFolder(GoldenFolder.Path), "model/p");
        IReadOnlyList<Quantity> With(int workers) =>
            verifier.Run(workers, cancellation: TestContext.Current.CancellationToken).Quantities;

        Assert.Equal(With(1), With(3));
    }

    [Fact]
    public void A_pattern_that_matches_nothing_is_a_user_mistake()
    {
        var mistake = Assert.Throws<UserErrorException>(() =>
            new Verifier(new ReferenceFolder(GoldenFolder.Path), "modell")
        );

        Assert.Contains("'modell'", mistake.Message, StringComparison.Ordinal);
        Assert.Contains("model/admin", mistake.Message, StringComparison.Ordinal);
    }

    /// <summary>One verification of the whole folder for all of these tests.</summary>
    public sealed class WholeFolder
    {
        public VerificationReport Report { get; } = new Verifier(new ReferenceFolder(GoldenFolder.Path)).Run();
    }
}
