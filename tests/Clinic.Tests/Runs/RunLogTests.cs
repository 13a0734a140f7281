using TransformerClinic.Common;
using TransformerClinic.Runs;

namespace TransformerClinic.Tests.Runs;

public sealed class RunLogTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    private string Log => _folder.PathOf("log.jsonl");

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void A_line_is_one_object_with_what_was_measured()
    {
        using (var log = RunLog.Open(Log, 0))
        {
            log.Append(
                new LogEntry
                {
                    Kind = LogKind.Train,
                    Step = 10,
                    Loss = 7.5,
                    Nll = 7.25,
                    Perplexity = 1408.1048482046,
                    LearningRate = 1e-7,
                    GradientNorm = 2,
                    TokensPerSecond = 900,
                    Seconds = 1.5,
                }
            );
            log.Append(
                new LogEntry
                {
                    Kind = LogKind.Skipped,
                    Step = 11,
                    Seconds = 2,
                }
            );
        }

        Assert.Equal(
            "{\"kind\":\"train\",\"step\":10,\"loss\":7.5,\"nll\":7.25,\"perplexity\":1408.1048482046,"
                + "\"learningRate\":1E-07,\"gradientNorm\":2,\"tokensPerSecond\":900,\"seconds\":1.5}\n"
                + "{\"kind\":\"skipped\",\"step\":11,\"seconds\":2}\n",
            File.ReadAllText(Log)
        );
    }

    [Fact]
    public void What_was_appended_is_read_while_the_run_continues()
    {
        using var log = RunLog.Open(Log, 0);
        var entry = At(10);

        log.Append(entry);

        Assert.Equal([entry], RunLog.Read(Log));
    }

    [Fact]
    public void Numbers_that_are_not_finite_are_left_out()
    {
        using var log = RunLog.Open(Log, 0);

        log.Append(
            new LogEntry
            {
                Kind = LogKind.Valid,
                Step = 1,
                Loss = double.NaN,
                Nll = 800,
                Perplexity = Math.Exp(800),
                Seconds = 1,
            }
        );

        Assert.Equal("{\"kind\":\"valid\",\"step\":1,\"nll\":800,\"seconds\":1}\n", File.ReadAllText(Log));
    }

    [Fact]
    public void Going_on_from_an_update_takes_the_lines_after_it_away()
    {
        Write(10, 20, 30);

        using (var log = RunLog.Open(Log, 20))
        {
            log.Append(At(25));
        }

        Assert.Equal([10, 20, 25], RunLog.Read(Log).Select(entry => entry.Step));
    }

    [Theory]
    [InlineData(0, new long[] { })]
    [InlineData(9, new long[] { })]
    [InlineData(30, new long[] { 10, 20, 30 })]
    [InlineData(1000, new long[] { 10, 20, 30 })]
    public void Lines_up_to_the_update_stay(long update, long[] stay)
    {
        Write(10, 20, 30);

        RunLog.Open(Log, update).Dispose();

        Assert.Equal(stay, RunLog.Read(Log).Select(entry => entry.Step));
    }

    [Fact]
    public void Before_the_first_update_a_run_begins_again_with_what_it_validates_then()
    {
        Write(0, 10);

        RunLog.Open(Log, 0).Dispose();
        Assert.Empty(RunLog.Read(Log));

        Write(0, 10);
        RunLog.Open(Log, 10).Dispose();
        Assert.Equal([0, 10], RunLog.Read(Log).Select(entry => entry.Step));
    }

    [Fact]
    public void Wherever_the_last_line_was_cut_short_the_log_continues_after_the_last_whole_one()
    {
        Write(10, 20, 30);
        var whole = File.ReadAllBytes(Log);
        var twoLines = whole.AsSpan().LastIndexOf("{\"kind\""u8);
        for (var length = twoLines; length < whole.Length; length++)
        {
            File.WriteAllBytes(Log, whole[..length]);
            Assert.Equal([10, 20], RunLog.Read(Log).Select(entry => entry.Step));

            using (var log = RunLog.Open(Log, 30))
            {
                log.Append(At(30));
            }

            Assert.Equal(whole, File.ReadAllBytes(Log));
        }
    }

    [Theory]
    [InlineData("not json")]
    [InlineData("")]
    [InlineData("{\"kind\":\"train\",\"step\":15}")]
    [InlineData("{\"kind\":\"train\",\"step\":15,\"seconds\":1,\"mood\":1}")]
    [InlineData("null")]
    public void A_whole_line_that_is_none_of_a_log_is_named(string line)
    {
        Write(10, 20);
        File.AppendAllText(Log, line + "\n");

        var message = Assert.Throws<UserErrorException>(() => RunLog.Open(Log, 20)).Message;

        Assert.StartsWith($"{Log}, line 3: this is not a line of a training log.", message, StringComparison.Ordinal);
        Assert.Throws<UserErrorException>(() => RunLog.Read(Log));
    }

    [Fact]
    public void A_log_that_is_not_there_cannot_be_read() =>
        Assert.Equal(
            $"{Log}: there is no such file.",
            Assert.Throws<UserErrorException>(() => RunLog.Read(Log)).Message
        );

    private static LogEntry At(long step) =>
        new()
        {
            Kind = LogKind.Train,
            Step = step,
            Loss = 1.0 / step,
            Seconds = step,
        };

    private void Write(params long[] steps)
    {
        using var log = RunLog.Open(Log, 0);
        foreach (var step in steps)
        {
            log.Append(At(step));
        }
    }
}
