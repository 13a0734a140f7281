using System.CommandLine;
using TransformerClinic.Cli.Options;
using TransformerClinic.Cli.Output;
using TransformerClinic.Reports.Profiles;
using TransformerClinic.Workflows.Profiles;

namespace TransformerClinic.Cli.Commands;

/// <summary><c>clinic profile</c></summary>
internal sealed class ProfileCommand : ResultVerb
{
    private readonly RecipeArguments _recipe = new();
    private readonly Option<string?> _depths = new("--depths")
    {
        Description = "Depths, separated by commas: 18, or 60+12 for encoder and decoder. Default: the recipe's.",
    };
    private readonly Option<string?> _reference = new("--reference")
    {
        Description = "Omegas to compare with: a table with the columns chain,index,omega.",
    };
    private readonly Option<string?> _output = new("--output", "-o")
    {
        Description =
            "Folder for profile.json, profile.csv and the figures. Default: runs/profile- plus the recipe's name.",
    };

    public ProfileCommand()
        : base(
            "profile",
            "Runs Admin's profiling pass without training: the omegas that training would start with, where each "
                + "comes from, and a figure.",
            "clinic profile recipes/quickstart.yaml",
            "clinic profile recipes/quickstart.yaml --depths 6,18,60+12 --set training.profiling.batches=8",
            "clinic profile recipes/quickstart.yaml --reference docs/data/authors-profile-100l.csv --json"
        ) => Accept([_recipe.Recipe, _depths, _reference, _output, .. _recipe.Changes]);

    /// <inheritdoc/>
    protected override int Run(ParseResult parsed)
    {
        var recipe = _recipe.Read(parsed);
        var (encoder, decoder) = (recipe.Model.Encoder, recipe.Model.Decoder);
        var depths = parsed.GetValue(_depths) is { } list
            ? ModelDepth.ParseList(list, $"--depths {list}")
            : [new ModelDepth(encoder.Layers, decoder.Layers)];
        var reference = parsed.GetValue(_reference) is { } path ? ReferenceOmega.Read(path) : [];
        var folder = parsed.GetValue(_output) ?? Path.Combine("runs", $"profile-{recipe.Name}");
        var run = new ProfileRun(recipe, depths, reference, folder, SpectreConsole.OnStandardError());
        Print(parsed, UntilStopped(run.Run), results => ProfileTable.Write(results, reference, folder));
        return ExitCode.Done;
    }
}
