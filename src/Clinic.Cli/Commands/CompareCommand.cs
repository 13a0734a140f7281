using System.CommandLine;
using TransformerClinic.Files;
using TransformerClinic.Runs;

namespace TransformerClinic.Cli.Commands;

/// <summary><c>clinic compare</c></summary>
internal static class CompareCommand
{
    public static Command Create()
    {
        var arguments = new RecipeArguments();
        var variants = new Option<string>("--variants") { Description = "Residual variants of encoder and decoder, with commas between them.", DefaultValueFactory = _ => "post-ln,pre-ln,admin" };
        var seeds = new Option<string?>("--seeds") { Description = "Seeds, with commas between them. Default: the recipe's." };
        var command = new Verb(
            "compare",
            "Trains each variant from the same seed, data order and budget, and prints and draws them side by side.",
            "clinic compare recipes/compare-18l.yaml",
            "clinic compare recipes/compare-18l.yaml --variants post-ln,admin --seeds 1,2,3 --set training.maxUpdates=500")
        {
            variants, seeds,
        };
        arguments.AddTo(command);
        command.SetAction(parsed => Failures.Guard(
            () =>
            {
                var path = parsed.GetRequiredValue(arguments.Recipe);
                var overrides = arguments.Overrides(parsed);
                var recipe = RecipeReader.Read(path, overrides);
                var folder = parsed.GetValue(arguments.Run) ?? Path.Combine("runs", $"compare-{recipe.Name}");
                var comparison = new ComparisonRun(path, overrides, Shared.Split(parsed.GetRequiredValue(variants)), Shared.Seeds(parsed.GetValue(seeds)) ?? [recipe.Seed], folder, SpectreConsole.OnStandardError());
                var results = StopSignals.During(comparison.Run);
                if (results is null)
                {
                    return ExitCode.Interrupted;
                }

                if (parsed.GetValue(arguments.Json))
                {
                    Console.Out.Write(Json.Text(results));
                }
                else
                {
                    ComparisonTable.Write(results, folder);
                }

                return ExitCode.Done;
            },
            Console.Error));
        return command;
    }
}
