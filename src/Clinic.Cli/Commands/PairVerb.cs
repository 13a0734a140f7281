using System.CommandLine;
using TransformerClinic.Cli.Options;
using TransformerClinic.Cli.Output;
using TransformerClinic.Common;
using TransformerClinic.Data;
using TransformerClinic.Decoding;
using TransformerClinic.Recipes;
using TransformerClinic.Runs;
using TransformerClinic.Text;

namespace TransformerClinic.Cli.Commands;

/// <summary>A verb that scores given sentence pairs with models.</summary>
internal abstract class PairVerb(string name, string description, params string[] examples)
    : ResultVerb(name, description, examples)
{
    /// <summary>The options that name the languages, for messages.</summary>
    protected const string LanguageNames = $"{SourceLanguageName}, {TargetLanguageName}";

    private const string SourceLanguageName = "--source-language";
    private const string TargetLanguageName = "--target-language";

    private readonly Option<string[]> _models = Shared.Models();
    private readonly Option<string> _pairs = new("--pairs")
    {
        Description =
            "Sentence pairs: one file (source, tab, target), source-file,target-file, or a TMX or XLIFF file.",
        Required = true,
    };
    private readonly Option<string?> _sourceLanguage = new(SourceLanguageName)
    {
        Description = "The source's language in a TMX or XLIFF file, such as de. Default: the model's recipe's.",
    };
    private readonly Option<string?> _targetLanguage = new(TargetLanguageName)
    {
        Description = "The target's language in a TMX or XLIFF file. Default: the model's recipe's.",
    };
    private readonly Option<double?> _temperature = RangedOption.Of<DecodingOptions, double>(
        nameof(DecodingOptions.Temperature),
        "--temperature",
        "Logits are divided by this. Default: the model's recipe's."
    );
    private readonly Option<int?> _tokensPerBatch = RangedOption.Of<DecodingOptions, int>(
        nameof(DecodingOptions.TokensPerBatch),
        "--tokens-per-batch",
        "Tokens per side scored at a time, padding included. Default: the model's recipe's."
    );
    private readonly Option<DeviceName?> _device = Shared.Device();
    private readonly Option<int?> _threads = Shared.Threads("Threads to score with; 0 takes all cores. Default: 0.");

    /// <summary>Pairs and the models' scores for them.</summary>
    /// <param name="Pairs">The pairs.</param>
    /// <param name="Languages">Their languages: named by the file or by the user; null where nobody names one.</param>
    /// <param name="Scores">The score of each.</param>
    /// <param name="Subwords">The models' subwords.</param>
    protected sealed record ScoredPairs(
        IReadOnlyList<SentencePair> Pairs,
        LanguagePair Languages,
        IReadOnlyList<ScoredPair> Scores,
        SubwordModel Subwords
    );

    /// <inheritdoc/>
    /// <remarks>The options that name the models and the pairs come before them.</remarks>
    protected override void Accept(params IEnumerable<Symbol> symbols) =>
        base.Accept([
            _models,
            _pairs,
            _sourceLanguage,
            _targetLanguage,
            _temperature,
            _tokensPerBatch,
            _device,
            _threads,
            .. symbols,
        ]);

    /// <summary>Scores the pairs and reports those that could not be scored on standard error.</summary>
    /// <param name="parsed">The command line.</param>
    /// <param name="check">Sees the languages of the pairs before they are scored; null if nobody needs them.</param>
    protected ScoredPairs Score(ParseResult parsed, Action<LanguagePair>? check = null)
    {
        var place = Devices.Open(parsed.GetValue(_device) ?? DeviceName.Cpu);
        var files = NamedFiles.Parse(parsed.GetRequiredValue(_pairs), "--pairs", Environment.CurrentDirectory);
        var wanted = Languages(parsed);
        var text = ParallelText.Read(files, Environment.CurrentDirectory, wanted);
        var pairs = text.Pairs;
        if (text.Languages is not null)
        {
            Say(text.Reading.ToString());
        }

        var languages = Taken(text, wanted);
        check?.Invoke(languages);
        using var ensemble = Ensemble.Load(parsed.GetRequiredValue(_models), place);
        var options = DecodingOptionsOf(parsed, ensemble.Config.Decoding);
        var workers = Devices.Workers(place, parsed.GetValue(_threads) ?? 0);
        using var scorer = new PairScorer(ensemble.Models, ensemble.Subwords, options, workers);
        var scores = UntilStopped(stop =>
            SpectreConsole
                .OnStandardError()
                .Work(
                    "scoring",
                    "pairs",
                    pairs.Count,
                    progress => scorer.Score(pairs, new CountProgress(progress), stop)
                )
        );
        foreach (var (number, pair) in scores.Index().Where(entry => entry.Item.Problem is not null))
        {
            Say($"pair {number + 1}: {pair.Problem}");
        }

        return new ScoredPairs(pairs, languages, scores, ensemble.Subwords);
    }

    /// <summary>The languages that the command line names, or the first model's.</summary>
    private LanguagePair Languages(ParseResult parsed)
    {
        var model = ModelSource.Find(parsed.GetRequiredValue(_models)[0]).Config;
        return LanguagePair.Of(
            parsed.GetValue(_sourceLanguage) ?? model.SourceLanguage,
            parsed.GetValue(_targetLanguage) ?? model.TargetLanguage
        ) with
        {
            Remedy = $"Name the two languages: {LanguageNames}.",
        };
    }

    private static LanguagePair Taken(ParallelText text, LanguagePair wanted) =>
        text.Languages is { } found ? wanted with { Source = found.Source, Target = found.Target } : wanted;

    private DecodingOptions DecodingOptionsOf(ParseResult parsed, DecodingOptions recipe) =>
        recipe with
        {
            Temperature = parsed.GetValue(_temperature) ?? recipe.Temperature,
            TokensPerBatch = parsed.GetValue(_tokensPerBatch) ?? recipe.TokensPerBatch,
        };
}
