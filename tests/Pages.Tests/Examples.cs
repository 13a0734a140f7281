using TransformerClinic.Pages.Dashboard;
using TransformerClinic.Pages.Elements;
using TransformerClinic.Pages.Reports;

namespace TransformerClinic.Pages.Tests;

/// <summary>Views with everything in them, and one text wherever a text can be.</summary>
internal static class Examples
{
    /// <summary>What a user may have written.</summary>
    public const string Hostile = "</style></script><script>alert('x')</script>\"><img src=x onerror=alert(1)>&amp;";

    public static DrawingView Drawing(string text) =>
        new(460, 300, """<path d="M0 0L9 9" stroke="#0072B2"/><text class="tick">9</text>""", text);

    public static FigureView Figure(string id, string text) =>
        new(id, text, text, Drawing(text))
        {
            Legend = [new LegendView(text, """<circle cx="12" cy="6" r="4" fill="#D55E00"/>""")],
            Tables = [Table(text), Table(text + "2")],
            Data = text,
        };

    public static TableView Table(string text) =>
        new(
            text,
            [text, "number", new ColumnView(text, IsText: true)],
            [
                [new(text) { Swatch = "<circle r=\"4\"/>" }, "1", text],
                [
                    new(text) { Address = "/runs/1", Choice = new ChoiceView("runs", text, IsChosen: true) },
                    new(text) { Mood = Mood.Poor },
                    new(text) { IsCode = true },
                ],
            ]
        )
        {
            Note = text,
        };

    public static VerdictView Verdict(string text) =>
        new(text)
        {
            Word = text,
            Mood = Mood.Fair,
            Details = [text, text],
        };

    public static SampleView Sample(string text) =>
        new([new("source", text, "de"), new("reference", ""), new(text, text, IsTranslation: true)]);

    public static ReproductionView Reproduction(string text) =>
        new()
        {
            Commands = text,
            Recipe = text,
            Environment = text,
        };

    public static RunView Run(string text) =>
        new()
        {
            Name = text,
            Languages = text,
            Verdict = Verdict(text),
            Numbers = [new TileView(text, text, text), new TileView("updates", "8")],
            BleuSignature = text,
            Learning = [Figure("one", text)],
            Sublayers = [Figure("two", text)],
            Diagnoses = [Figure("three", text)],
            Omegas = [Figure("four", text)],
            Profile = new ProfileView(text, text, text, text, Dropout: true, CountsPadding: false),
            Samples = [Sample(text)],
            Corpus = Table(text),
            Again = Reproduction(text),
        };

    public static ComparisonView Comparison(string text) =>
        new()
        {
            Title = text,
            Variants = text,
            RunCount = text,
            Verdict = Verdict(text),
            Ranking = Table(text),
            Choices = Table(text),
            Figures = [Figure("one", text), Figure("two", text)],
            Search = Table(text),
            Diagnoses = Table(text),
            Failures = Table(text),
            Runs = Table(text),
            BleuSignatures = [text],
            Again = Reproduction(text),
        };

    public static DiagnosisView Diagnosis(string text) =>
        new()
        {
            Name = text,
            Examined = text,
            Verdict = Verdict(text),
            Evidence = [Figure("one", text)],
            Depth = Table(text),
            Groups = Table(text),
        };

    public static LearningRateRangeView Range(string text) =>
        new()
        {
            Name = text,
            Verdict = Verdict(text),
            Curve = [Figure("one", text)],
            Rates = Table(text),
        };

    public static OutputComparisonView Outputs(string text) =>
        new()
        {
            First = text,
            Second = text,
            Sentences = text,
            Verdict = Verdict(text),
            Scores = Table(text),
            Signatures = [(text, text)],
            LengthFigures = [Figure("one", text)],
            Lengths = Table(text),
            FrequencyFigures = [Figure("two", text)],
            Frequencies = Table(text),
            Gains = [Sample(text)],
            Losses = [Sample(text)],
        };

    public static RunTableView Runs(string text) =>
        new(
            text,
            [text],
            [new RunRow("a b&c", text, "/runs/a", [text]) { IsChosen = true }, new("d", text, "/runs/d", [text])]
        )
        {
            ChoiceAddress = "/compare",
            ChoiceLabel = text,
        };

    public static RunSummaryView Summary(string text) =>
        new("run-1", text)
        {
            Address = "/runs/1",
            Kind = text,
            Verdict = Verdict(text),
            Numbers = [new TileView(text, text)],
        };

    public static LiveChartView Chart(string text) =>
        new(Figure("loss", text), "/v1/runs/a/log")
        {
            Settings = new Dictionary<string, string> { ["unit"] = text, ["axis"] = "updates" },
        };
}
