using TransformerClinic.Bench;

namespace TransformerClinic.Tests.Benchmarks;

/// <summary>What the benchmarks' command says to a mistake.</summary>
public class BenchCommandTests
{
    [Fact]
    public void A_device_that_is_missing_is_one_message()
    {
        Assert.SkipWhen(TorchSharp.torch.cuda.is_available(), "There is a CUDA device here.");

        var (exitCode, error) = Run("training", "--config", "C", "--device", "cuda");

        Assert.Equal(BenchCommand.Mistake, exitCode);
        Assert.StartsWith("bench: device: cuda is not available here: ", error, StringComparison.Ordinal);
        Assert.Single(error.TrimEnd().Split('\n'));
    }

    [Theory]
    [InlineData("client", "--model", "no-such-folder", "--text", "no-such-file", "--", "cat")]
    [InlineData("client", "--text", "no-such-file", "--", "cat")]
    [InlineData("decoding", "--model", "no-such-folder")]
    [InlineData("serving", "--url", "http://127.0.0.1:1", "--text", "no-such-file")]
    [InlineData("training", "--config", "C", "--threads", "-1")]
    [InlineData("training", "--config", "Z")]
    [InlineData("turns", "--before", "no-such-folder", "--config", "C")]
    [InlineData("exchange", "--megabytes", "10", "-40")]
    [InlineData("growth", "--updates", "many")]
    public void A_mistake_is_a_message_without_a_trace(params string[] arguments)
    {
        var (exitCode, error) = Run(arguments);

        Assert.Equal(BenchCommand.Mistake, exitCode);
        Assert.NotEqual("", error.Trim());
        Assert.DoesNotContain("   at ", error, StringComparison.Ordinal);
    }

    private static (int ExitCode, string Error) Run(params string[] arguments)
    {
        using var error = new StringWriter();
        return (BenchCommand.Run(arguments, error), error.ToString());
    }
}
