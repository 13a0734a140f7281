using System.CommandLine;
using System.Globalization;
using TransformerClinic.Files;
using static TorchSharp.torch;

namespace TransformerClinic.Bench.Adaptation;

/// <summary>
/// Fine-tuning to another domain, BLEU on both before and after:
/// <c>dotnet run -c Release --project bench -- adaptation</c>
/// </summary>
internal static class AdaptationCommand
{
    public static Command Create()
    {
        var model = Option("--model", "The run of the base model.", Path.Combine("runs", "quickstart"));
        var dictionary = Option(
            "--dictionary",
            "The new domain: the file de-en of the Debian package trans-de-en.",
            "/usr/share/trans/de-en"
        );
        var general = Option(
            "--general",
            "The folder of the text that the base model was trained on.",
            Path.Combine("corpora", "libreoffice-help")
        );
        var output = Option(
            "--output",
            "Folder for text and runs; existing runs are reused.",
            Path.Combine("runs", "bench-adaptation")
        );
        var pairs = Option("--pairs", "Pairs of the new domain.", 500);
        var seeds = Option("--seeds", "Draws of these pairs, and trainings on each.", 3);
        var rates = Option<double[]>(
            "--learning-rates",
            "Learning rates to choose from, by the validation set, on the first draw without general pairs.",
            [2e-4, 5e-4, 1e-3]
        );
        rates.AllowMultipleArgumentsPerToken = true;
        var threads = Option("--threads", "Worker threads; other numbers give other bits.", 2);
        var command = new Command(
            "adaptation",
            "Fine-tunes a model on pairs of another domain, by themselves and mixed with general pairs; prints BLEU "
                + "on both domains."
        )
        {
            model,
            dictionary,
            general,
            output,
            pairs,
            seeds,
            rates,
            threads,
        };
        command.SetAction(parsed =>
        {
            set_num_threads(1);
            var folder = Directory.CreateDirectory(parsed.GetRequiredValue(output)).FullName;
            var text = AdaptationText.Read(parsed.GetRequiredValue(dictionary), parsed.GetRequiredValue(general));
            Console.Error.WriteLine(
                $"new domain: {text.Pool.Count} pairs to draw from, {text.Valid.Count} to validate, "
                    + $"{text.Test.Count} to test; "
                    + $"general domain: {text.General.Count}, {text.GeneralTest.Count} to test"
            );
            var study = new AdaptationStudy(parsed.GetRequiredValue(model), text, folder, parsed.GetValue(threads));
            Console.WriteLine(
                "| model | learning rate | perplexity, new domain | BLEU, new domain | BLEU, general domain |"
            );
            Console.WriteLine("|---|---|---|---|---|");
            PrintBase(study.Score(parsed.GetRequiredValue(model)));
            var plans = AdaptationPlan.All(parsed.GetValue(pairs));
            var rate = study.Choose(plans[0], parsed.GetRequiredValue(rates), seed: 1);
            foreach (var plan in plans)
            {
                Adaptation[] found =
                [
                    .. Enumerable.Range(1, parsed.GetValue(seeds)).Select(seed => study.Adapt(plan, rate, seed)),
                ];
                Json.Write(Path.Combine(folder, $"{plan.Name}.json"), found);
                Print(plan, rate, found);
            }

            return 0;
        });
        return command;
    }

    private static Option<T> Option<T>(string name, string description, T value) =>
        new(name) { Description = description, DefaultValueFactory = _ => value };

    private static void PrintBase(DomainScores scores) =>
        Console.WriteLine(
            string.Create(
                CultureInfo.InvariantCulture,
                $"| base model | | | {scores.Domain:0.0} | {scores.General:0.0} |"
            )
        );

    private static void Print(AdaptationPlan plan, double rate, Adaptation[] found)
    {
        var (before, after) = (found[0].Before, Spread(found.Select(run => run.After)));
        var domain = Spread(found.Select(run => run.Scores.Domain));
        var general = Spread(found.Select(run => run.Scores.General));
        Console.WriteLine(
            string.Create(
                CultureInfo.InvariantCulture,
                $"| {plan.Words} | {rate} | {before:0.0} to {after} | {domain} | {general} |"
            )
        );
    }

    /// <summary>Mean, and lowest and highest.</summary>
    private static string Spread(IEnumerable<double> values)
    {
        double[] all = [.. values];
        return string.Create(CultureInfo.InvariantCulture, $"{all.Average():0.0} ({all.Min():0.0} to {all.Max():0.0})");
    }
}
