namespace Samples.Tests;

/// <summary>Each sample with a network and a budget that are just large enough to see the difference.</summary>
[Trait("Speed", "Slow")]
public class SampleTests
{
    [Theory]
    [InlineData("ResidualMlp", "residual-mlp", "40", "40", "10", 0.3)]
    [InlineData("DecoderOnly", "decoder-only", "16", "60", "15", 0.15)]
    public void With_admin_the_network_learns_and_without_it_does_not(
        string program,
        string name,
        string depth,
        string updates,
        string warmUp,
        double margin
    )
    {
        using var sample = new SampleProcess(
            program,
            "--depth",
            depth,
            "--updates",
            updates,
            "--warm-up",
            warmUp,
            "--rate",
            "2e-3"
        );

        Assert.True(sample.ExitCode == 0, sample.Error);
        Assert.Equal([$"{name}.csv", $"{name}.svg"], sample.Files);
        var (plain, admin) = (sample.HeldOut("Post-LN"), sample.HeldOut("Admin"));
        Assert.Equal((20, 20), (plain.Count, admin.Count));
        Assert.True(admin[^1] < plain[^1] - margin, sample.Output);
        Assert.True(admin[^1] < admin[0] - margin, sample.Output);
    }

    [Theory]
    [InlineData("keel")]
    [InlineData("b2t")]
    [InlineData("residual")]
    [InlineData("layer-norm-scaling")]
    [InlineData("mix-ln")]
    [InlineData("peri-ln")]
    [InlineData("sandwich-ln")]
    [InlineData("output-norm")]
    [InlineData("layer-scale")]
    [InlineData("skip-init")]
    [InlineData("t-fixup")]
    [InlineData("complete-p")]
    [InlineData("span-norm")]
    [InlineData("siamese-norm")]
    [InlineData("sub-ln")]
    [InlineData("hybrid-norm")]
    [InlineData("dlcl")]
    [InlineData("dlcl-post-ln")]
    [InlineData("hyper-connections")]
    [InlineData("mhc")]
    [InlineData("hybrid-norm-star")]
    public void Every_remedy_is_trained_in_the_place_of_admin(string remedy)
    {
        using var sample = SampleProcess.Here(
            "DecoderOnly",
            "--admin",
            "--remedy",
            remedy,
            "--depth",
            "4",
            "--updates",
            "20",
            "--warm-up",
            "5",
            "--rate",
            "2e-3"
        );

        Assert.True(sample.ExitCode == 0, sample.Error);
        var losses = sample.HeldOut(remedy);
        Assert.Equal(20, losses.Count);
        Assert.True(losses[^1] < losses[0] - 0.1, $"{losses[0]} to {losses[^1]}");
    }

    [Fact]
    public void Only_one_network_is_trained_and_drawn_on_request()
    {
        using var sample = new SampleProcess(
            "ResidualMlp",
            "--admin",
            "--depth",
            "2",
            "--updates",
            "20",
            "--initialization",
            "Torch",
            "--seed",
            "3"
        );

        Assert.True(sample.ExitCode == 0, sample.Error);
        Assert.Equal((0, 20), (sample.HeldOut("Post-LN").Count, sample.HeldOut("Admin").Count));
        Assert.Contains("<svg", sample.Read("residual-mlp.svg"), StringComparison.Ordinal);
        var table = sample.Output.Trim().Split(Environment.NewLine);
        Assert.Equal("held-out loss after updates     Admin", table[0]);
        Assert.Equal(21, table.Length);
    }

    [Theory]
    [InlineData("--rates", "1")]
    [InlineData("--depth", "0")]
    [InlineData("--initialization", "none")]
    public void A_wrong_command_line_is_refused(string option, string value)
    {
        using var sample = new SampleProcess("ResidualMlp", option, value);

        Assert.Equal(2, sample.ExitCode);
        Assert.Contains(
            option == "--depth" ? "--depth must be more than 0."
                : value == "none" ? "none"
                : option,
            sample.Error,
            StringComparison.Ordinal
        );
        Assert.Empty(sample.Files);
    }
}
