using TransformerClinic.Common;
using TransformerClinic.Reproduction.Claims;
using TransformerClinic.Reproduction.Results;
using TransformerClinic.Reproduction.Studies;

namespace TransformerClinic.Reproduction.Tests.Results;

/// <summary>The published results in docs/ and the document that is made from them.</summary>
public class ReproductionDocumentTests
{
    private static readonly string Data = RepositoryRoot.PathOf("docs", "data", "reproduction");
    private static readonly string Figures = RepositoryRoot.PathOf("docs", "figures", "reproduction");

    [Fact]
    public void The_document_is_what_the_stored_results_give() =>
        Assert.Equal(
            ReproductionDocument.Text(Data),
            File.ReadAllText(RepositoryRoot.PathOf("docs", "reproduction.md"))
        );

    [Fact]
    public void Every_result_has_the_claim_and_the_criterion_that_the_code_states()
    {
        var results = ReproductionFolder.Read(Data);

        Assert.True(results.Count >= 12, "too few results were found");
        Assert.Equal(
            StudyCatalog
                .Descriptions.IntersectBy(results.Select(result => result.Study.Id), study => study.Id)
                .Select(study => (study.Id, study.Claim, study.Criterion)),
            results.Select(result => (result.Study.Id, result.Study.Claim, result.Study.Criterion))
        );
    }

    [Fact]
    public void The_document_names_the_studies_without_a_result()
    {
        using var folder = new TemporaryFolder();
        var one = ReproductionFolder.Read(Data).Single(result => result.Study.Id == "folding");
        foreach (var path in Directory.GetFiles(Data, $"{one.Study.Id}*"))
        {
            File.Copy(path, folder.PathOf(Path.GetFileName(path)));
        }

        var stated = ReproductionDocument
            .Text(folder.FullName)
            .Split("\n\n")
            .Single(paragraph => paragraph.StartsWith(ReproductionDocument.WithoutResult, StringComparison.Ordinal));

        Assert.All(
            StudyCatalog.Descriptions,
            study => Assert.Equal(study.Id != one.Study.Id, stated.Contains($"`{study.Id}`", StringComparison.Ordinal))
        );
    }

    [Fact]
    public void Prose_of_the_document_is_at_most_120_columns_wide() =>
        Assert.All(
            ReproductionDocument.Text(Data).Split('\n').Where(line => !line.StartsWith('|')),
            line => Assert.InRange(line.Length, 0, 120)
        );

    [Fact]
    public void Every_verdict_follows_from_its_conditions() =>
        Assert.All(
            ReproductionFolder.Read(Data),
            result => Assert.Equal(Condition.VerdictOf(result.Conditions), result.Verdict)
        );

    [Fact]
    public void Every_file_that_a_result_names_is_there_and_no_other()
    {
        var results = ReproductionFolder.Read(Data);
        var figures = results.SelectMany(result => result.Figures).Select(figure => figure.Name).ToList();

        Assert.Equal(figures.Select(name => $"{name}.svg").Order(StringComparer.Ordinal), Names(Figures));
        Assert.Equal(
            results
                .Select(result => $"{result.Study.Id}.json")
                .Concat(figures.Concat(results.SelectMany(result => result.Tables)).Select(name => $"{name}.csv"))
                .Order(StringComparer.Ordinal),
            Names(Data)
        );
    }

    [Fact]
    public void Without_results_the_message_says_what_to_do()
    {
        using var folder = new TemporaryFolder();

        Assert.Contains(
            "clinic reproduce all",
            Assert
                .Throws<UserErrorException>(() => ReproductionDocument.Publish(folder.PathOf("none"), folder.FullName))
                .Message
        );
    }

    private static IEnumerable<string> Names(string folder) =>
        Directory.GetFiles(folder).Select(path => Path.GetFileName(path)).Order(StringComparer.Ordinal);
}
