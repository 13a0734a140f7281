using TransformerClinic.Common;
using YamlDotNet.Core;
using YamlDotNet.Core.Events;

namespace TransformerClinic.Recipes;

/// <summary>
/// What YAML allows and no recipe needs, but would take the tree of nodes all of the stack or all of the time: nesting
/// without end, and keys that are lists or sections (an alias can make such a key contain itself).
/// </summary>
internal static class YamlShape
{
    private const int Deepest = 32;

    /// <summary>Looks at a text without building its tree.</summary>
    /// <exception cref="UserErrorException">It is nested too deep, or a key of it is not a word.</exception>
    /// <exception cref="YamlException">It is not YAML.</exception>
    public static void Check(string yaml, string path)
    {
        var parser = new Parser(new StringReader(yaml));
        var open = new Stack<Collection>();
        while (parser.MoveNext())
        {
            var node = parser.Current!;
            if (node is MappingEnd or SequenceEnd)
            {
                open.Pop();
            }
            else if (
                node is NodeEvent or AnchorAlias
                && open.TryPeek(out var around)
                && around.IsKeyNext()
                && node is not Scalar
            )
            {
                throw new UserErrorException(
                    $"{path}, line {node.Start.Line}: a key must be a word, not a list, a section or an alias."
                );
            }

            if (node is MappingStart or SequenceStart)
            {
                open.Push(new Collection(node is MappingStart));
                if (open.Count > Deepest)
                {
                    throw new UserErrorException(
                        $"{path}, line {node.Start.Line}: this is nested more than {Deepest} deep, which no recipe is."
                    );
                }
            }
        }
    }

    /// <summary>A section or list that is not yet at its end.</summary>
    private sealed class Collection(bool isMapping)
    {
        private bool _isKey;

        /// <summary>Whether the node that comes now is a key; to be asked once for each.</summary>
        public bool IsKeyNext() => _isKey = isMapping && !_isKey;
    }
}
