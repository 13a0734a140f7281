using System.CommandLine;
using System.Globalization;
using TransformerClinic.Files;
using static TorchSharp.torch;

namespace TransformerClinic.Bench.Adaptation;

/// <summary>Fine-tuning to another domain, BLEU on both before and after: <c>dotnet run -c Release --project bench -- adaptation</c></summary>
internal static class AdaptationCommand
{
    public static Command Create()
    {
        var model = new Option<string>("--model") { Description = "The run of the base model.", DefaultValueFactory = _ => Path.Combine("runs", "quickstart") };
        var dictionary = new Option<string>("--dictionary") { Description = "The new domain: the file /usr/share/trans/de-en of the Debian package trans-de-en.", DefaultValueFactory = _ => "/usr/share/trans/de-en" };
        var general = new Option<string>("--general") { Description = "The folder of the text that the base model was trained on.", DefaultValueFactory = _ => Path.Combine("corpora", "libreoffice-help") };
        var output = new Option<string>("--output") { Description = "Folder of text and runs; runs that are there are not made again.", DefaultValueFactory = _ => Path.Combine("runs", "bench-adaptation") };
        var pairs = new Option<int>("--pairs") { Description = "Pairs of the new domain.", DefaultValueFactory = _ => 500 };
        var seeds = new Option<int>("--seeds") { Description = "Draws of these pairs, and trainings on each.", DefaultValueFactory = _ => 3 };
        var rates = new Option<double[]>("--learning-rates") { Description = "Learning rates to choose from by the validation set.", DefaultValueFactory = _ => [2e-4, 5e-4, 1e-3], AllowMultipleArgumentsPerToken = true };
        var threads = new Option<int>("--threads") { Description = "Worker threads; other numbers give other bits.", DefaultValueFactory = _ => 2 };
        var command = new Command("adaptation", "Fine-tunes a model on a few pairs of another domain, alone and mixed with general pairs, and prints BLEU on both domains before and after.") { model, dictionary, general, output, pairs, seeds, rates, threads };
        command.SetAction(parsed =>
        {
            set_num_threads(1);
            var folder = parsed.GetRequiredValue(output);
            Directory.CreateDirectory(folder);
            var text = AdaptationText.Read(parsed.GetRequiredValue(dictionary), parsed.GetRequiredValue(general));
            Console.Error.WriteLine($"new domain: {text.Pool.Count} pairs to draw from, {text.Valid.Count} to validate, {text.Test.Count} to test; general domain: {text.General.Count}, {text.GeneralTest.Count} to test");
            var study = new AdaptationStudy(parsed.GetRequiredValue(model), text, folder, parsed.GetValue(threads));
            Console.WriteLine("| model | learning rate | perplexity, new domain | BLEU, new domain | BLEU, general domain |\n|---|---|---|---|---|");
            PrintBase(study.Score(parsed.GetRequiredValue(model)));
            foreach (var plan in AdaptationPlan.All(parsed.GetValue(pairs)))
            {
                var rate = study.Choose(plan, parsed.GetRequiredValue(rates), seed: 1);
                var found = Enumerable.Range(1, parsed.GetValue(seeds)).Select(seed => study.Adapt(plan, rate, seed)).ToList();
                Json.Write(Path.Combine(folder, $"{plan.Name}.json"), found);
                Print(plan, rate, found);
            }

            return 0;
        });
        return command;
    }

    private static void PrintBase(DomainScores scores) => Console.WriteLine(string.Create(
        CultureInfo.InvariantCulture, $"| base model | | | {scores.Domain:0.0} | {scores.General:0.0} |"));

    private static void Print(AdaptationPlan plan, double rate, List<Adaptation> found) => Console.WriteLine(string.Create(
        CultureInfo.InvariantCulture,
        $"| {plan.Words} | {rate} | {found[0].Before:0.0} to {Spread(found.Select(run => run.After))} | {Spread(found.Select(run => run.Scores.Domain))} | {Spread(found.Select(run => run.Scores.General))} |"));

    /// <summary>Mean, and lowest and highest.</summary>
    private static string Spread(IEnumerable<double> values)
    {
        double[] all = [.. values];
        return string.Create(CultureInfo.InvariantCulture, $"{all.Average():0.0} ({all.Min():0.0} to {all.Max():0.0})");
    }
}
