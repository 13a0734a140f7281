using TransformerClinic.Common;
using TransformerClinic.Reproduction.Claims;
using TransformerClinic.Reproduction.SmallTrainings;

namespace TransformerClinic.Reproduction.Tests;

public sealed class OptionTests
{
    [Theory]
    [InlineData(1, 2, 5, "reversal.words is '1'; it must be a whole number from 2 to 100000.")]
    [InlineData(16, 0, 5, "reversal.shortest is '0'; it must be a whole number from 1 to 1000.")]
    [InlineData(16, 2, 1001, "reversal.longest is '1001'; it must be a whole number from 1 to 1000.")]
    [InlineData(
        16,
        6,
        5,
        "reversal.shortest is 6 and reversal.longest is 5: the longest sentence cannot be shorter than the shortest."
    )]
    public void A_task_refuses_words_and_lengths_that_are_not_allowed(
        int words,
        int shortest,
        int longest,
        string message
    ) =>
        Assert.Equal(
            message,
            Refused(() =>
                ReversalTask.Create(
                    new ReversalOptions
                    {
                        Words = words,
                        Shortest = shortest,
                        Longest = longest,
                    }
                )
            )
        );

    [Theory]
    [InlineData(0, 40, "help.merges is '0'; it must be a whole number from 1 to 100000.")]
    [InlineData(1000, 1, "help.maxLength is '1'; it must be a whole number from 2 to 1000.")]
    public void A_text_refuses_merges_and_lengths_that_are_not_allowed(int merges, int maxLength, string message) =>
        Assert.Equal(message, Refused(() => new TaskTexts("nowhere").Of(TrainingText.OfHelp(merges, maxLength))));

    [Fact]
    public void A_run_refuses_threads_and_budgets_that_are_not_allowed()
    {
        Assert.Equal(
            "reproduction.threads is '-1'; it must be a whole number from 0 to 1024.",
            Refused(() => Run(new ReproductionOptions { Threads = -1 }))
        );
        Assert.Equal(
            "reproduction.budget is '9'; it must be one of minutes, hours.",
            Refused(() => Run(new ReproductionOptions { Budget = (StudyBudget)9 }))
        );
    }

    private static void Run(ReproductionOptions options) =>
        new ReproductionRun(options, new QuietConsole()).Run(TestContext.Current.CancellationToken);

    private static string Refused(Action action) => Assert.Throws<UserErrorException>(action).Message;
}
