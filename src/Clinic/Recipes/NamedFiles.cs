using System.Globalization;
using TransformerClinic.Common;
using TransformerClinic.Data;
using YamlDotNet.Core;
using YamlDotNet.RepresentationModel;

namespace TransformerClinic.Recipes;

/// <summary>Reads which files of parallel text somebody names, in a recipe or on a command line.</summary>
internal static class NamedFiles
{
    /// <summary>The key of a corpus that names its files.</summary>
    public const string FilesKey = "files";

    /// <summary>The key of a corpus that gives its weight.</summary>
    public const string WeightKey = "weight";

    private const string Shape =
        "In a list of corpora each entry is files: with one or two paths, and if need be weight: with a number.";

    /// <summary>
    /// The files of a text: a path, two with a comma between them, or a list in brackets, such as <c>["Doe, Jane/a.de",
    /// a.en]</c> or <c>[{files: a.tsv}, {files: [b.de, b.en]}]</c>.
    /// </summary>
    /// <param name="text">The text.</param>
    /// <param name="where">Where it is, for the message.</param>
    /// <param name="folder">Where relative paths start.</param>
    /// <exception cref="UserErrorException">
    /// It is neither a list of one or two paths nor one of corpora, or a corpus has a weight.
    /// </exception>
    public static ParallelFiles Parse(string text, string where, string folder)
    {
        var files = ParseWeighted(text, where, folder);
        return files.Corpora.FirstOrDefault(corpus => !corpus.Weight.Equals(1)) is { } weighted
            ? throw new UserErrorException($"{where}: {weighted} has a weight, but only training text is weighted.")
            : files;
    }

    /// <summary>The same, and corpora may have weights.</summary>
    /// <exception cref="UserErrorException">It is neither a list of one or two paths nor one of corpora.</exception>
    internal static ParallelFiles ParseWeighted(string text, string where, string folder) =>
        text is ['[', .., ']']
            ? ParseWeighted(List(text, where), where, folder)
            : Located(() => ParallelFiles.Parse(text, folder), where);

    /// <summary>The files of a list, whose corpora may have weights.</summary>
    /// <exception cref="UserErrorException">It is neither a list of one or two paths nor one of corpora.</exception>
    internal static ParallelFiles ParseWeighted(YamlSequenceNode list, string where, string folder) =>
        list.Children.Any(entry => entry is YamlMappingNode)
            ? new ParallelFiles([
                .. list.Children.Select((entry, i) => Corpus(entry, $"{where}: entry {i + 1} of the list", folder)),
            ])
            : Paths(list, where, folder);

    private static ParallelFiles Paths(YamlSequenceNode list, string where, string folder)
    {
        foreach (var (i, entry) in list.Children.Index())
        {
            if (entry is not YamlScalarNode scalar || RecipeYaml.IsNull(scalar))
            {
                throw new UserErrorException($"{where}: entry {i + 1} of the list is not a path.");
            }
        }

        string[] paths = [.. list.Children.Cast<YamlScalarNode>().Select(entry => entry.Value!)];
        return Located(() => ParallelFiles.Of(paths, folder), where);
    }

    private static ParallelCorpus Corpus(YamlNode entry, string where, string folder)
    {
        if (entry is not YamlMappingNode corpus)
        {
            throw new UserErrorException($"{where} has no {FilesKey}:. {Shape}");
        }

        ParallelFiles? files = null;
        var weight = 1.0;
        foreach (var (name, value) in corpus.Children)
        {
            switch (((YamlScalarNode)name).Value)
            {
                case FilesKey:
                    files = Files(value, where, folder);
                    break;
                case WeightKey:
                    weight = Weight(value, where);
                    break;
                case var other:
                    throw new UserErrorException($"{where}: there is no key {other}. {Shape}");
            }
        }

        return files is { Corpora: [var only] }
            ? new ParallelCorpus(only.Paths, weight)
            : throw new UserErrorException($"{where} has no {FilesKey}:. {Shape}");
    }

    private static ParallelFiles Files(YamlNode value, string where, string folder) =>
        value switch
        {
            YamlScalarNode scalar when RecipeYaml.IsNull(scalar) => ParallelFiles.None,
            YamlScalarNode { Value: { } text } => Located(() => ParallelFiles.Parse(text, folder), where),
            YamlSequenceNode list => Paths(list, $"{where}: {FilesKey}", folder),
            _ => throw new UserErrorException($"{where}: {FilesKey} is a section. {Shape}"),
        };

    private static double Weight(YamlNode value, string where) =>
        value is YamlScalarNode { Value: var text }
        && double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out var weight)
        && new ParallelCorpus([""], weight).IsWeightAllowed
            ? weight
            : throw new UserErrorException(
                $"{where}: {WeightKey} is {(value is YamlScalarNode scalar ? $"'{scalar.Value}'" : "not a number")}; "
                    + $"it must be a number above 0, and at most {ParallelCorpus.MostWeight}."
            );

    private static YamlSequenceNode List(string text, string where)
    {
        var yaml = new YamlStream();
        try
        {
            YamlShape.Check(text, where);
            yaml.Load(new StringReader(text));
        }
        catch (Exception exception) when (exception is YamlException or InvalidOperationException or ArgumentException)
        {
            throw new UserErrorException(
                $"{where}: this is not a list in brackets: look for a bracket or quote that is opened and not closed.",
                exception
            );
        }

        return yaml.Documents is [{ RootNode: YamlSequenceNode list }]
            ? list
            : throw new UserErrorException($"{where}: this is not a list in brackets.");
    }

    private static ParallelFiles Located(Func<ParallelFiles> read, string where)
    {
        try
        {
            return read();
        }
        catch (UserErrorException exception)
        {
            throw new UserErrorException($"{where}: {exception.Message}", exception);
        }
    }
}
