using TransformerClinic.Pages.Elements;
using TransformerClinic.Pages.Reports;

namespace TransformerClinic.Pages.Tests.Reports;

public class PageTests
{
    [Fact]
    public void A_run_has_a_section_for_everything_it_has() =>
        Assert.Equal(
            [
                "How it learned",
                "What moved, sublayer by sublayer",
                "How it fared inside",
                "The treatment: Admin",
                "What it translates",
                "What it learned from",
                "How to reproduce it",
            ],
            Rendered.View<RunPage>(Examples.Run("text")).QuerySelectorAll("h2").Texts()
        );

    [Fact]
    public void What_a_run_does_not_have_is_not_there()
    {
        var page = Rendered.View<RunPage>(
            new RunView
            {
                Name = "bare",
                Verdict = new VerdictView("Nothing is known."),
                Numbers = [new TileView("updates", "0")],
            }
        );

        Assert.Empty(page.QuerySelectorAll("section, figure, .signature, small, .badge"));
        Assert.Equal(["Training report", "Nothing is known."], page.QuerySelectorAll("header p").Texts());
    }

    [Fact]
    public void How_omegas_were_profiled_is_a_sentence()
    {
        static string Sentence(ProfileView profile) =>
            Assert.Single(
                Rendered
                    .View<RunPage>(Examples.Run("text") with { Omegas = [], Profile = profile })
                    .QuerySelectorAll("#treatment-heading ~ .note")
                    .Texts()
            );

        Assert.Equal(
            "Profiled on one batch of 4,032 tokens (hash 9f2c), seed 7, dropout on, padding left out.",
            Sentence(new ProfileView("", "4,032", "9f2c", "7", Dropout: true, CountsPadding: false))
        );
        Assert.Equal(
            "Profiled before base, which this run began from, was trained: on one batch of 4,032 tokens (hash 9f2c), "
                + "seed 7, dropout off, padding counted.",
            Sentence(new ProfileView("base", "4,032", "9f2c", "7", Dropout: false, CountsPadding: true))
        );
    }

    [Fact]
    public void A_comparison_shows_its_runs_and_how_they_were_scored()
    {
        var page = Rendered.View<ComparisonPage>(Examples.Comparison("text"));

        Assert.Equal(
            [
                "Ranking",
                "What to choose when",
                "How they did",
                "Which learning rate suits each",
                "Why: the diagnosis of each",
                "What failed, and why",
                "Every run",
                "How to reproduce it",
            ],
            page.QuerySelectorAll("h2").Texts()
        );
        Assert.Equal(["BLEU signature: text"], page.QuerySelectorAll(".signature").Texts());
        Assert.Equal(["Comparison · text · text"], page.QuerySelectorAll(".kind").Texts());
    }

    [Fact]
    public void A_diagnosis_shows_its_evidence() =>
        Assert.Equal(
            ["The evidence", "Along the depth", "Gradients and updates by group"],
            Rendered.View<DiagnosisPage>(Examples.Diagnosis("text")).QuerySelectorAll("h2").Texts()
        );

    [Fact]
    public void A_range_of_learning_rates_shows_curve_and_rates() =>
        Assert.Equal(
            ["The curve", "The rates"],
            Rendered.View<LearningRateRangePage>(Examples.Range("text")).QuerySelectorAll("h2").Texts()
        );

    [Fact]
    public void Outputs_without_gains_and_losses_have_no_section_for_them()
    {
        var view = Examples.Outputs("text");

        Assert.Equal(
            ["Scores", "By length of sentence", "By frequency of word", "Largest gains", "Largest losses"],
            Rendered.View<OutputComparisonPage>(view).QuerySelectorAll("h2").Texts()
        );
        Assert.Equal(
            ["Scores", "By length of sentence", "By frequency of word"],
            Rendered.View<OutputComparisonPage>(view with { Gains = [], Losses = [] }).QuerySelectorAll("h2").Texts()
        );
    }
}
