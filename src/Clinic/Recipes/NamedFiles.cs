using TransformerClinic.Common;
using TransformerClinic.Data;
using YamlDotNet.Core;
using YamlDotNet.RepresentationModel;

namespace TransformerClinic.Recipes;

/// <summary>Reads which files of parallel text somebody names, in a recipe or on a command line.</summary>
internal static class NamedFiles
{
    /// <summary>
    /// The files of a text: a path, two with a comma between them, or a list in brackets, such as <c>["Doe, Jane/a.de",
    /// a.en]</c>.
    /// </summary>
    /// <param name="text">The text.</param>
    /// <param name="where">Where it is, for the message.</param>
    /// <param name="folder">Where relative paths start.</param>
    /// <exception cref="UserErrorException">It is not a list of one or two paths.</exception>
    public static ParallelFiles Parse(string text, string where, string folder) =>
        text is ['[', .., ']']
            ? Parse(List(text, where), where, folder)
            : Located(() => ParallelFiles.Parse(text, folder), where);

    /// <summary>The files of a list.</summary>
    /// <exception cref="UserErrorException">It is not a list of one or two paths.</exception>
    internal static ParallelFiles Parse(YamlSequenceNode list, string where, string folder)
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
