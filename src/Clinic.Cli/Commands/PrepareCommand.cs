using System.CommandLine;
using System.Globalization;
using TransformerClinic.Cli.Options;
using TransformerClinic.Cli.Output;
using TransformerClinic.Common;
using TransformerClinic.Files;
using TransformerClinic.Recipes;
using TransformerClinic.Workflows;

namespace TransformerClinic.Cli.Commands;

/// <summary><c>clinic prepare</c></summary>
internal sealed class PrepareCommand : ResultVerb
{
    private readonly RecipeArguments _recipe = new();
    private readonly Option<string?> _output = new("--output", "-o")
    {
        Description =
            "The folder to store the training set in. Default: the recipe's data.prepared; without it, prepared/ plus "
            + "the recipe's name.",
    };
    private readonly Option<string?> _part = new("--part")
    {
        Description =
            "With --count: which part of the training text, such as 0/8 to 7/8. When all parts are counted, the "
            + "command without --part learns subwords from them.",
    };
    private readonly Option<bool> _count = new("--count")
    {
        Description = "Counts the words of one part of the training text, and does nothing else.",
    };

    public PrepareCommand()
        : base(
            "prepare",
            "Does what train does before its first update: learns subwords, and stores the training text as ids, for "
                + "text of any size. Run again, it finds what is there.",
            "clinic prepare recipes/quickstart.yaml -o prepared/quickstart",
            "clinic train recipes/quickstart.yaml --set data.prepared=$PWD/prepared/quickstart",
            "clinic prepare recipes/quickstart.yaml -o prepared/quickstart --part 0/2 --count",
            "clinic prepare recipes/quickstart.yaml -o prepared/quickstart --part 1/2 --count"
        ) => Accept([_recipe.Recipe, _output, _part, _count, .. _recipe.Changes]);

    /// <inheritdoc/>
    /// <remarks>They may count a part each.</remarks>
    public override bool TakesSeveralProcesses => true;

    /// <inheritdoc/>
    protected override int Run(ParseResult parsed)
    {
        var part = Part(parsed);
        var recipe = _recipe.Read(parsed);
        var folder = parsed.GetValue(_output) ?? Folder(recipe);
        var run = new PreparationRun(recipe, folder, SpectreConsole.OnStandardError());
        if (part is { } counted)
        {
            Print(parsed, UntilStopped(stop => run.Count(counted, stop)), Text);
        }
        else
        {
            Print(parsed, UntilStopped(run.Run), Text);
        }

        return ExitCode.Done;
    }

    private static string Folder(Recipe recipe) =>
        recipe.Data.Prepared.Length > 0 ? recipe.Data.Prepared : Path.Combine("prepared", recipe.Name);

    private FilePart? Part(ParseResult parsed) =>
        (parsed.GetValue(_part), parsed.GetValue(_count)) switch
        {
            (null, false) => null,
            (null, true) => throw new UserErrorException(
                "--count counts the words of one part of the training text: name it, such as --part 0/8. The command "
                    + "without --count counts all of it and learns subwords."
            ),
            (_, false) => throw new UserErrorException(
                "--part needs --count: only the words are counted in parts. When all parts are counted, the command "
                    + "without --part learns subwords from them and stores the training set."
            ),
            ({ } text, true) => Named(text),
        };

    private static FilePart Named(string text)
    {
        try
        {
            return FilePart.Parse(text);
        }
        catch (UserErrorException exception)
        {
            throw new UserErrorException($"--part {text}: {exception.Message}", exception);
        }
    }

    private static string Text(PreparationResults results) =>
        string.Create(
            CultureInfo.InvariantCulture,
            $"{results.Pairs:N0} pairs, {results.TargetTokens:N0} target tokens, {results.Vocabulary:N0} subwords, "
                + $"{results.Shards:N0} {(results.Shards == 1 ? "shard" : "shards")}\n"
                + $"stored in {results.Folder}; to train with it: --set \"data.prepared={results.Folder}\"\n"
        );

    private static string Text(PartResults results) =>
        string.Create(
            CultureInfo.InvariantCulture,
            $"part {results.Part}/{results.Of}: {results.Words:N0} words, {results.DifferentWords:N0} different, in "
                + $"{results.File}\n{results.CountedParts} of {results.Of} parts are counted\n"
        );
}
