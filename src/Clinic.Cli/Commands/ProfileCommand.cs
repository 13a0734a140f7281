using System.CommandLine;
using TransformerClinic.Files;
using TransformerClinic.Runs;
using TransformerClinic.Runs.Profiles;

namespace TransformerClinic.Cli.Commands;

/// <summary><c>clinic profile</c></summary>
internal static class ProfileCommand
{
    public static Command Create()
    {
        var arguments = new RecipeArguments();
        var depths = new Option<string?>("--depths") { Description = "Depths with commas between them: 18, or 60+12 for encoder and decoder. Default: the recipe's." };
        var reference = new Option<string?>("--reference") { Description = "Omegas to compare with: a table with the columns chain,index,omega." };
        var output = new Option<string?>("--output", "-o") { Description = "Folder for profile.json, profile.csv and the figures. Default: runs/profile- and the recipe's name." };
        var command = new Verb(
            "profile",
            "Runs Admin's profiling pass without training: the omegas that training would begin with, where each comes from, and a figure.",
            "clinic profile recipes/quickstart.yaml",
            "clinic profile recipes/quickstart.yaml --depths 6,18,60+12 --set training.profiling.batches=8",
            "clinic profile recipes/quickstart.yaml --reference docs/data/authors-profile-100l.csv --json")
        {
            arguments.Recipe, depths, reference, output, arguments.Set, arguments.ReferenceCompatible, arguments.Device, arguments.Json,
        };
        command.SetAction(parsed => Failures.Guard(
            () =>
            {
                var recipe = RecipeReader.Read(parsed.GetRequiredValue(arguments.Recipe), arguments.Overrides(parsed));
                var asked = parsed.GetValue(depths) is { } list ? ModelDepth.ParseList(list) : [new ModelDepth(recipe.Model.Encoder.Layers, recipe.Model.Decoder.Layers)];
                var compared = parsed.GetValue(reference) is { } path ? ReferenceOmega.Read(path) : [];
                var folder = parsed.GetValue(output) ?? Path.Combine("runs", $"profile-{recipe.Name}");
                var results = StopSignals.During(new ProfileRun(recipe, asked, compared, folder, SpectreConsole.OnStandardError()).Run);
                if (parsed.GetValue(arguments.Json))
                {
                    Console.Out.Write(Json.Text(results));
                }
                else
                {
                    ProfileTable.Write(results, compared, folder);
                }

                return ExitCode.Done;
            },
            Console.Error));
        return command;
    }
}
