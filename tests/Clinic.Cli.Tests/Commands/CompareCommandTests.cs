namespace TransformerClinic.Cli.Tests.Commands;

public class CompareCommandTests
{
    [Fact]
    public void A_variant_that_is_not_known_is_named_with_the_nearest_and_nothing_is_written()
    {
        using var tiny = new TinyRun();

        var result = InProcess.Run("compare", tiny.Recipe, "--run", tiny.Run, "--variants", "post-ln,admn");

        Assert.Equal(2, result.ExitCode);
        Assert.Contains(
            "--variants post-ln,admn: model.encoder.variant is 'admn'; it must be one of ",
            result.Error,
            StringComparison.Ordinal
        );
        Assert.Contains("Did you mean admin?", result.Error, StringComparison.Ordinal);
        Assert.False(Directory.Exists(tiny.Run));
    }

    [Fact]
    public void Without_a_variant_there_is_nothing_to_compare()
    {
        using var tiny = new TinyRun();

        var result = InProcess.Run("compare", tiny.Recipe, "--run", tiny.Run, "--variants", ",");

        Assert.Equal(2, result.ExitCode);
        Assert.Contains("A comparison needs at least one variant", result.Error, StringComparison.Ordinal);
    }
}
