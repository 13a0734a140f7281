using System.CommandLine;
using TransformerClinic.Data;
using TransformerClinic.Decoding;
using TransformerClinic.Runs;
using TransformerClinic.Text;

namespace TransformerClinic.Cli.Commands;

/// <summary>The arguments of verbs that score given pairs.</summary>
internal sealed class PairArguments
{
    private readonly Option<string[]> _models = Shared.Models();
    private readonly Option<string> _pairs = new("--pairs") { Description = "Sentence pairs: one file (source, tab, target) or source-file,target-file.", Required = true };
    private readonly Option<double?> _temperature = RangedOption.Of<DecodingOptions, double>(nameof(DecodingOptions.Temperature), "--temperature", "Logits are divided by it. Default: the model's recipe's.");
    private readonly Option<int?> _tokensPerBatch = RangedOption.Of<DecodingOptions, int>(nameof(DecodingOptions.TokensPerBatch), "--tokens-per-batch", "Tokens of a side scored at a time, padding included. Default: the model's recipe's.");
    private readonly Option<string> _device = Shared.Device();
    private readonly Option<int?> _threads = Shared.Threads("Threads to score with; 0 takes all cores. Default: 0.");

    public void AddTo(Command command)
    {
        foreach (var option in (Option[])[_models, _pairs, _temperature, _tokensPerBatch, _device, _threads])
        {
            command.Add(option);
        }
    }

    /// <summary>Scores the pairs and tells on standard error of those that could not be.</summary>
    /// <param name="parsed">The command line.</param>
    /// <param name="done">Does something with the models, the pairs and their scores.</param>
    public int Score(ParseResult parsed, Action<Ensemble, IReadOnlyList<SentencePair>, IReadOnlyList<ScoredPair>> done)
    {
        var place = Devices.Parse(parsed.GetRequiredValue(_device));
        var files = NamedFiles.Parse(parsed.GetRequiredValue(_pairs), "--pairs", Environment.CurrentDirectory);
        var pairs = ParallelText.Read(files, Environment.CurrentDirectory).Pairs;
        using var ensemble = Ensemble.Load(parsed.GetRequiredValue(_models), place);
        var recipe = ensemble.Config.Decoding;
        var options = recipe with { Temperature = parsed.GetValue(_temperature) ?? recipe.Temperature, TokensPerBatch = parsed.GetValue(_tokensPerBatch) ?? recipe.TokensPerBatch };
        var workers = Devices.Workers(place, parsed.GetValue(_threads) ?? 0);
        using var scorer = new PairScorer(ensemble.Models, ensemble.Subwords, options, workers);
        var scored = StopSignals.During(stop => SpectreConsole.OnStandardError().Work(
            "scoring", "pairs", pairs.Count, progress => scorer.Score(pairs, new CountProgress(progress), stop)));
        foreach (var (number, pair) in scored.Index().Where(entry => entry.Item.Problem is not null))
        {
            Console.Error.WriteLine($"clinic: pair {number + 1}: {VisibleText.OnTerminal(pair.Problem!)}");
        }

        done(ensemble, pairs, scored);
        return ExitCode.Done;
    }
}
