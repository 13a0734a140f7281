using TransformerClinic.Common;
using TransformerClinic.Recipes;
using YamlDotNet.Core;
using YamlDotNet.RepresentationModel;

namespace TransformerClinic.Web.Runs;

/// <summary>
/// The keys of a run's recipe with their values as they are written. Unlike the reader of recipes it takes whatever
/// keys there are: a run of another version is shown as well.
/// </summary>
internal static class RecipeKeys
{
    /// <summary>Keys such as <c>model.encoder.layers</c> in the order of the recipe; none if it is not YAML.</summary>
    public static IReadOnlyDictionary<string, string> Of(string yaml)
    {
        var found = new Dictionary<string, string>(StringComparer.Ordinal);
        try
        {
            YamlShape.Check(yaml, "");
            var stream = new YamlStream();
            stream.Load(new StringReader(yaml));
            if (stream.Documents is [{ RootNode: YamlMappingNode root }])
            {
                Add(root, "", found);
            }
        }
        catch (Exception exception)
            when (exception is YamlException or UserErrorException or InvalidOperationException or ArgumentException)
        {
            return new Dictionary<string, string>(StringComparer.Ordinal);
        }

        return found;
    }

    private static void Add(YamlMappingNode mapping, string prefix, Dictionary<string, string> found)
    {
        foreach (var (key, value) in mapping.Children)
        {
            var name = prefix + key;
            if (value is YamlMappingNode inner)
            {
                Add(inner, name + ".", found);
            }
            else
            {
                found[name] = Words(value);
            }
        }
    }

    private static string Words(YamlNode node) =>
        node is YamlSequenceNode list ? string.Join(", ", list.Children.Select(Words)) : node.ToString();
}
