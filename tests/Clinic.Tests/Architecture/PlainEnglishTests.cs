using System.Text.RegularExpressions;

namespace TransformerClinic.Tests.Architecture;

/// <summary>
/// Documents, strings and comments use the field's own terms in plain American English: none of the idioms below, which
/// make a native reader stop.
/// </summary>
public sealed class PlainEnglishTests
{
    private const string Units =
        "second|minute|token|target|batch|core|processor|line|layer|channel|update|sublayer|sentence|weight|parameter|"
        + "subword|row|stack|depth|point|seed|training|encoder|decoder|source|side|connection|process";

    private const string Counted =
        "one|two|three|four|several|tokens?|sentences?|updates?|pairs?|nats|bytes?|milliseconds|seconds|ms|KB|MiB|GB|"
        + "operations|products|threads?|trainings?|hypotheses|hypothesis|rows?|lines?|time|number|object|folder|model";

    private const string BritishStems =
        "colour|behaviour|neighbour|favour|honour|labour|flavour|normalis|initialis|tokenis|optimis(?!ti|m)|utilis|"
        + "standardis|randomis|organis|recognis|summaris|generalis|regularis|synchronis|serialis|quantis|penalis|"
        + "realis(?!t)|minimis|maximis|characteris|visualis|emphasise|specialis|finalis|parallelis|vectoris|capitalis|"
        + "memoris|analyse|catalogue|licence|cancelled|cancelling|labelled|labelling|modelled|modelling|travelled|"
        + "travelling|signalled|signalling|judgement|programme(?![rd])|whilst|amongst|misspelt";

    /// <summary>What is not written, and what to write instead.</summary>
    private static readonly (string Pattern, string Instead)[] Idioms =
    [
        ($@"\b(?:{Counted}) an? (?:{Units})\b(?! (?:of|that|in|is|has|which|with)\b)", "tokens per second"),
        (
            @"(?<!\bthere )\b(?:is|are|was|were) no (?!(?:longer|more|better|worse|larger|smaller)\b)[a-z]+",
            "is not a ..."
        ),
        (@"(?<![-.])\balone\b", "only ..., or by itself"),
        (@"\bbesides?\b", "next to, in addition to"),
        (@"\b(?:go|goes|going|went|gone) on\b", "continues, resumes"),
        (@"\b(?:comes?|came|coming) to\b", "results in, reaches"),
        (@"\b(?:becomes?|became|comes?|came) of\b", "the result of"),
        (@"\bso many\b", "this many, N"),
        (@"\b(?:tells?|told|telling) of\b", "reports"),
        (@"\b(?:meets?|met) with\b", "encounters"),
        (@"\bof (?:other|our own|its own|foreign) make\b", "third-party, other"),
        (@"\bgiven again\b", "Run it again to resume."),
        (@"\b(?:lies|lie|lay) (?:in|on|at|beside|under|there|across|within|below|above|next)\b", "is in"),
        (@"\b(?:stands?|stood) (?:in|at|beside|before|there|on|here|alone|still|within|behind|as)\b", "is in"),
        (@"\b(?:wherefore|whence|whither|thereof|therein|whereof|hitherto|lest|hence|heretofore)\b", "so, because"),
        (@"\bnothing but\b", "only"),
        ("[;,:] else\\b", "otherwise"),
        ($@"(?:{BritishStems})\w*|\b(?:centre[sd]?|greys?|defence|metres?|litres?)\b", "American spelling"),
    ];

    private static readonly (string Phrase, string Reason)[] Allowed =
    [
        ("frequencies alone", "what frequencies achieve by themselves; \"only frequencies\" says something else"),
        ("parallelism: 50", "a key of Kubernetes"),
        ("chance alone", "the fixed phrase of statistics"),
        ("\"randomisation\"", "the earlier name of an option's value, still accepted, and of a random stream"),
        ("\"tokenised-bleu\"", "the earlier name of a metric, still accepted"),
        ("aria-labelledby", "an attribute of HTML"),
        ("\"grey\"", "the console library's name of a color"),
    ];

    // Regex's own cache is for fewer patterns than these: each would be read again for every paragraph.
    private static readonly (Regex Pattern, string Instead)[] IdiomPatterns =
    [
        .. Idioms.Select(idiom =>
            (new Regex(idiom.Pattern, RegexOptions.IgnoreCase | RegexOptions.CultureInvariant), idiom.Instead)
        ),
    ];

    private static readonly Prose[] All =
    [
        .. SourceFile
            .Below(["docs", "samples", "corpora", "recipes", "src", "tests"], ".md", ".yaml")
            .Concat(SourceFile.Below(["src"], ".cs", ".razor"))
            .Concat(
                Directory
                    .GetFiles(RepositoryRoot.PathOf(), "*.md")
                    .Select(path => new SourceFile(Path.GetFileName(path)))
            )
            .SelectMany(Prose.Of),
    ];

    [Fact]
    public void No_document_string_or_comment_has_an_idiom()
    {
        var found = All.SelectMany(Found).ToList();

        Assert.True(All.Length > 5000, "too little prose was found");
        Assert.True(found.Count == 0, $"{found.Count} idioms:\n{string.Join('\n', found)}");
    }

    [Fact]
    public void Every_allowed_phrase_is_used() =>
        Assert.All(
            Allowed,
            allowed => Assert.Contains(All, prose => prose.Text.Contains(allowed.Phrase, StringComparison.Ordinal))
        );

    [Theory]
    [InlineData("5,053 target tokens a second")]
    [InlineData("0 takes one a core")]
    [InlineData("it stays 1 and is no parameter")]
    [InlineData("known of our own branches alone")]
    [InlineData("the paper's numbers beside ours")]
    [InlineData("the run goes on")]
    [InlineData("what the run came to")]
    [InlineData("What became of a line.")]
    [InlineData("ends after so many updates")]
    [InlineData("every update is told of once")]
    [InlineData("what the guard met with")]
    [InlineData("a model of other make")]
    [InlineData("Given again, it resumes")]
    [InlineData("how weights lie in memory")]
    [InlineData("whatever stands before it")]
    [InlineData("nothing but the variant differs")]
    [InlineData("from 80 % \"fairly sure\", else \"not sure\"")]
    [InlineData("the normalisation's weight")]
    public void An_idiom_is_found(string text) => Assert.NotEmpty(Found(new Prose("text", 1, text)));

    [Theory]
    [InlineData("5,053 target tokens per second")]
    [InlineData("there is no key named sed")]
    [InlineData("M stands for the models")]
    [InlineData("an optimistic estimate of word frequencies alone")]
    [InlineData("gives each sentence a line of its own")]
    public void Plain_english_is_left_alone(string text) => Assert.Empty(Found(new Prose("text", 1, text)));

    [Fact]
    public void Paragraphs_are_found_across_lines()
    {
        var path = RepositoryRoot.PathOf("src", "Clinic", "Scoring", "Ter", "TerMetric.cs");
        var prose = Prose.Of(new SourceFile(Path.GetRelativePath(RepositoryRoot.PathOf(), path).Replace('\\', '/')));

        Assert.Contains(
            prose,
            one =>
                one.Text.Contains("Translation edit rate", StringComparison.Ordinal)
                && one.Text.Contains("(Snover et al., 2006)", StringComparison.Ordinal)
        );
    }

    [Fact]
    public void Components_are_read_as_markup_and_as_code()
    {
        var prose = All.Where(one => one.Path.EndsWith("RunPage.razor", StringComparison.Ordinal)).ToList();

        Assert.Contains(prose, one => one.Text.Contains("The treatment: Admin", StringComparison.Ordinal));
        Assert.Contains(
            prose,
            one =>
                one.Text.Contains("One profiling pass before training", StringComparison.Ordinal)
                && one.Text.Contains("a very deep Post-LN model starts out", StringComparison.Ordinal)
                && !one.Text.Contains("private", StringComparison.Ordinal)
        );
    }

    private static IEnumerable<string> Found(Prose prose)
    {
        var text = Allowed.Aggregate(
            prose.Text,
            (text, allowed) => text.Replace(allowed.Phrase, "", StringComparison.Ordinal)
        );
        return IdiomPatterns.SelectMany(idiom =>
            idiom.Pattern.Matches(text).Select(match => $"{prose.Path}:{prose.Line}: '{match.Value}': {idiom.Instead}")
        );
    }
}
