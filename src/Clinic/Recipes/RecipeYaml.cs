using TransformerClinic.Common;
using TransformerClinic.Files;
using YamlDotNet.Core;
using YamlDotNet.RepresentationModel;

namespace TransformerClinic.Recipes;

/// <summary>A recipe's file as a tree of YAML, whose nodes know their lines.</summary>
internal static class RecipeYaml
{
    /// <summary>The keys and values of a file.</summary>
    /// <exception cref="UserErrorException">
    /// The file is missing, empty, nested without end, or no YAML of keys and values.
    /// </exception>
    public static YamlMappingNode Load(string path)
    {
        var lines = TextLines.Read(path);
        var text = string.Join('\n', lines);
        var yaml = new YamlStream();
        try
        {
            YamlShape.Check(text, path);
            yaml.Load(new StringReader(text));
        }
        catch (YamlException exception)
        {
            throw new UserErrorException(
                $"{path}, line {exception.Start.Line}: this is not YAML: "
                    + $"{exception.Message.TrimEnd('.')}.{AboutTabs(lines)}",
                exception
            );
        }
        catch (Exception exception) when (exception is InvalidOperationException or ArgumentException)
        {
            // YamlDotNet has no message for these: mostly a plain value in brackets or braces that runs on into the
            // next line.
            throw new UserErrorException(
                $"{path}: this is not YAML: look for a bracket, brace or quote that is opened and not "
                    + $"closed.{AboutTabs(lines)}",
                exception
            );
        }

        return yaml.Documents switch
        {
            [] => throw new UserErrorException($"{path}: the recipe is empty."),
            [{ RootNode: YamlMappingNode root }] => root,
            _ => throw new UserErrorException(
                $"{path}: a recipe is one YAML document of keys and values, such as 'seed: 1'."
            ),
        };
    }

    /// <summary>
    /// Whether a value is YAML's null, which means that the key is not set: plain <c>null</c>, <c>Null</c>,
    /// <c>NULL</c>, <c>~</c>, or nothing at all (YAML 1.2.2, core schema). In quotes they are text.
    /// </summary>
    public static bool IsNull(YamlScalarNode scalar) =>
        scalar.Tag.IsEmpty
            ? scalar.Style == ScalarStyle.Plain && (scalar.Value is null or "" || IsNull(scalar.Value))
            : scalar.Tag == "tag:yaml.org,2002:null";

    /// <summary>Whether a word of the command line is YAML's null.</summary>
    public static bool IsNull(string word) => word is "null" or "Null" or "NULL" or "~";

    private static string AboutTabs(IReadOnlyList<string> lines)
    {
        var line = lines.TakeWhile(line => !line.TakeWhile(char.IsWhiteSpace).Contains('\t')).Count() + 1;
        return line > lines.Count ? "" : $" Line {line} is indented with a tab; YAML takes spaces only.";
    }
}
