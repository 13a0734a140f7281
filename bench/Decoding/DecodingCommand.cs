using System.CommandLine;
using TransformerClinic.Data;
using TransformerClinic.Files;
using TransformerClinic.Model;
using TransformerClinic.Runs;
using TransformerClinic.Text;
using static TorchSharp.torch;

namespace TransformerClinic.Bench.Decoding;

/// <summary>Measures translation: <c>dotnet run -c Release --project bench -- decoding</c></summary>
internal static class DecodingCommand
{
    private const int Words = 10_000;

    public static Command Create()
    {
        var run = new Option<string?>("--model") { Description = "A trained model instead of random weights." };
        var pairs = new Option<string?>("--pairs")
        {
            Description = "With --model: a test set, for BLEU in each row; source, tab, target.",
        };
        var words = new Option<int>("--vocabulary")
        {
            Description = "Without --model: size of the vocabulary in subwords.",
            DefaultValueFactory = _ => Words,
        };
        var rounds = new Option<int>("--rounds")
        {
            Description = "Number of rounds for medians.",
            DefaultValueFactory = _ => 5,
        };
        var json = new Option<bool>("--json") { Description = "Prints one JSON object." };
        var command = new Command(
            "decoding",
            "Speed of translation at batch 1 and 64, greedy and beam 5, in every precision next to libtorch's "
                + "operators, interleaved, on one thread; batches of 64 are also divided among all threads."
        )
        {
            run,
            pairs,
            words,
            rounds,
            json,
        };
        command.SetAction(parsed =>
        {
            set_num_threads(1);
            using var trained = parsed.GetValue(run) is { } folder ? TrainedModel.Load(folder, CPU) : null;
            var model = trained?.Model ?? Random(parsed.GetValue(words));
            IReadOnlyList<SentencePair> test =
                trained is not null && parsed.GetValue(pairs) is { } file
                    ? ParallelText
                        .Read(ParallelFiles.Parse(file, Environment.CurrentDirectory), Environment.CurrentDirectory)
                        .Pairs
                    : [];
            var report = Measure(model, trained, test, parsed.GetValue(rounds));
            if (parsed.GetValue(json))
            {
                Console.Out.Write(Json.Text(report));
            }
            else
            {
                DecodingTable.Write(Console.Out, report);
            }
        });
        return command;
    }

    /// <summary>The paper's IWSLT model, untrained.</summary>
    private static Transformer Random(int words) =>
        new(
            new ModelOptions
            {
                Encoder = new StackOptions { Layers = 6 },
                Decoder = new StackOptions { Layers = 6 },
                Dim = 512,
                Heads = 4,
                FeedForwardDim = 1024,
            },
            words,
            Vocabulary.Pad,
            seed: 1
        );

    private static DecodingReport Measure(
        Transformer model,
        TrainedModel? trained,
        IReadOnlyList<SentencePair> test,
        int rounds
    )
    {
        using var benchmark = new DecodingBenchmark(model);
        var speeds = benchmark.Speeds(
            rounds,
            round => Console.Error.WriteLine(round == 0 ? "warming up" : $"round {round} of {rounds}")
        );
        Console.Error.WriteLine("growth with length");
        var growth = benchmark.Growth(rounds);
        var scored = (int[])(test.Count > 0 ? [1, 5] : []);
        var scores = scored
            .Select(beam => new TestSet(model, trained!.Subwords, trained.Config.Decoding, test).Score(beam))
            .ToList();
        var options = model.Options;
        return new DecodingReport(
            $"{options.Encoder.Layers}+{options.Decoder.Layers} layers, dim {options.Dim}, {options.Heads} heads, "
                + $"feed-forward {options.FeedForwardDim}, vocabulary {model.Vocabulary}",
            rounds,
            speeds,
            growth,
            [.. scores.SelectMany(score => score.Scores)],
            scores.Count == 0 ? null : scores[0].Signature
        );
    }
}
