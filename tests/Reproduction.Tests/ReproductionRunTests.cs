using TransformerClinic.Common;
using TransformerClinic.Files;
using TransformerClinic.Reproduction.Claims;
using TransformerClinic.Reproduction.Results;

namespace TransformerClinic.Reproduction.Tests;

[Trait("Speed", "Slow")]
public class ReproductionRunTests
{
    [Fact]
    public void A_study_gives_the_same_for_any_number_of_threads_and_its_document_names_what_it_found()
    {
        using var folder = new TemporaryFolder();
        var (one, two) = (Run(folder.PathOf("one"), threads: 1), Run(folder.PathOf("two"), threads: 2));

        Assert.Equal(Numbers(one), Numbers(two));
        Assert.Equal(ClaimVerdict.Holds, one.Verdict);
        Assert.Equal(
            File.ReadAllText(folder.PathOf("one/folding-differences.csv")),
            File.ReadAllText(folder.PathOf("two/folding-differences.csv"))
        );

        var path = ReproductionDocument.Publish(folder.PathOf("one"), folder.PathOf("docs"));
        var text = File.ReadAllText(path);
        Assert.Contains(one.Study.Claim, text, StringComparison.Ordinal);
        Assert.Contains("| holds |", text, StringComparison.Ordinal);
        Assert.Contains(one.Conditions[0].Measured, text, StringComparison.Ordinal);
        Assert.Contains("clinic reproduce folding --budget minutes", text, StringComparison.Ordinal);
        Assert.Equal(text, File.ReadAllText(ReproductionDocument.Publish(folder.PathOf("one"), folder.PathOf("docs"))));
    }

    [Fact]
    public void Missing_text_is_a_user_mistake()
    {
        using var folder = new TemporaryFolder();
        var options = new ReproductionOptions
        {
            Studies = ["folding"],
            Output = folder.FullName,
            Corpus = folder.PathOf("nothing"),
        };

        var mistake = Assert.Throws<UserErrorException>(() =>
            new ReproductionRun(options, new QuietConsole()).Run(TestContext.Current.CancellationToken)
        );

        Assert.Contains("the text that comes with the project is not here", mistake.Message);
        Assert.Equal([nameof(ReproductionOptions.Corpus)], mistake.Options);
    }

    private static StudyResult Run(string folder, int threads)
    {
        var options = new ReproductionOptions
        {
            Studies = ["folding"],
            Output = folder,
            Threads = threads,
            Corpus = HelpCorpus.Folder,
        };
        return Assert.Single(
            new ReproductionRun(options, new QuietConsole()).Run(TestContext.Current.CancellationToken)
        );
    }

    private static string Numbers(StudyResult result) => Json.Line(result with { Seconds = 0, Machine = "" });
}
