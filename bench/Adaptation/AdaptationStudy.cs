using System.Globalization;
using TransformerClinic.Data;
using TransformerClinic.Decoding;
using TransformerClinic.Recipes;
using TransformerClinic.Runs;
using TransformerClinic.Scoring.Bleu;
using TransformerClinic.Training;
using TransformerClinic.Training.Schedules;
using TransformerClinic.Workflows;
using static TorchSharp.torch;

namespace TransformerClinic.Bench.Adaptation;

/// <summary>BLEU of a model on both domains.</summary>
/// <param name="Domain">On the new domain's test set.</param>
/// <param name="General">On the general domain's test set.</param>
internal sealed record DomainScores(double Domain, double General);

/// <summary>The result of one fine-tuning.</summary>
/// <param name="Seed">Draws the pairs and their order.</param>
/// <param name="Before">Perplexity of the new domain's validation set before the first update.</param>
/// <param name="After">The same for the final model.</param>
/// <param name="Scores">BLEU.</param>
internal sealed record Adaptation(long Seed, double Before, double After, DomainScores Scores);

/// <summary>
/// Fine-tunes a base model on a few pairs of a new domain, by themselves and mixed with pairs of the domain that it was
/// trained on, with the same runs as <c>clinic train</c>, and scores every model on both domains. All use the learning
/// rate that gives the best result on the validation set of the new domain, on the first draw without general pairs;
/// test sets decide nothing.
/// </summary>
internal sealed class AdaptationStudy(string model, AdaptationText text, string folder, int threads)
{
    /// <summary>Scores a model.</summary>
    public DomainScores Score(string path)
    {
        using var trained = TrainedModel.Load(path, CPU);
        using var translator = new Translator(trained.Model, trained.Subwords, trained.Config.Decoding, threads);
        return new DomainScores(Bleu(translator, text.Test), Bleu(translator, text.GeneralTest));
    }

    /// <summary>The learning rate that gives the lowest perplexity on the validation set of the new domain.</summary>
    public double Choose(AdaptationPlan plan, IReadOnlyList<double> rates, long seed) =>
        rates.Count == 1 ? rates[0] : rates.MinBy(rate => Perplexity(Train(plan, rate, seed)));

    /// <summary>Fine-tunes and scores.</summary>
    public Adaptation Adapt(AdaptationPlan plan, double rate, long seed)
    {
        var run = Train(plan, rate, seed);
        var before = RunLog.Read(Path.Combine(run, RunFolder.LogName)).First(entry => entry.Kind == LogKind.Valid);
        return new Adaptation(seed, before.Perplexity!.Value, Perplexity(run), Score(run));
    }

    private static double Perplexity(string run) =>
        Files.Json.Read<RunResults>(Path.Combine(run, RunFolder.ResultsName)).ValidationPerplexity
        ?? double.PositiveInfinity;

    /// <summary>The folder of an existing or new run.</summary>
    private string Train(AdaptationPlan plan, double rate, long seed)
    {
        var name = string.Create(CultureInfo.InvariantCulture, $"{plan.Name}-rate{rate}-seed{seed}");
        var run = Path.Combine(folder, name);
        if (File.Exists(Path.Combine(run, RunFolder.ResultsName)))
        {
            return run;
        }

        var (train, valid) = (Path.Combine(folder, $"{plan.Name}-seed{seed}.tsv"), Path.Combine(folder, "valid.tsv"));
        AdaptationText.Write(train, plan.Pairs(text, seed));
        AdaptationText.Write(valid, text.Valid);
        var recipe = RecipeOf(plan, rate, train, valid) with { Seed = seed, Threads = threads };
        new TrainingRun(recipe, run, new LineConsole(name)).Run(CancellationToken.None);
        return run;
    }

    /// <summary>The recipe of the base model with what a fine-tuning does otherwise.</summary>
    private Recipe RecipeOf(AdaptationPlan plan, double rate, string train, string valid)
    {
        var recipe = RecipeReader.Read(Path.Combine(model, RunFolder.RecipeName), []);
        return recipe with
        {
            Data = recipe.Data with
            {
                Train = new(Path.GetFullPath(train)),
                Valid = new(Path.GetFullPath(valid)),
                Test = ParallelFiles.None,
            },
            Training = recipe.Training with
            {
                From = Path.GetFullPath(model),
                MaxUpdates = plan.Updates,
                MaxMinutes = 0,
                Precision = Precision.Fp32,
                Schedule = recipe.Training.Schedule with
                {
                    Name = ScheduleName.Linear,
                    LearningRate = rate,
                    WarmUpUpdates = 30,
                },
                ValidateEvery = 100,
                CheckpointEvery = 100,
                Average = 1,
            },
        };
    }

    private static double Bleu(Translator translator, IReadOnlyList<SentencePair> test) =>
        BleuScorer
            .Corpus(
                [
                    .. translator
                        .Translate([.. test.Select(pair => pair.Source)])
                        .Select(translation => translation.Text),
                ],
                [.. test.Select(pair => pair.Target)]
            )
            .Score;
}
