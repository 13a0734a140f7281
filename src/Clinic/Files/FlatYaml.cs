using TransformerClinic.Common;
using YamlDotNet.Core;
using YamlDotNet.Core.Events;

namespace TransformerClinic.Files;

/// <summary>
/// YAML of other programs: keys whose values are words or lists of words, in the order of the text. A key whose value
/// is anything deeper has no values here. No tree is built, so nesting costs nothing.
/// </summary>
internal static class FlatYaml
{
    /// <summary>Reads a text.</summary>
    /// <param name="yaml">The text.</param>
    /// <param name="name">What messages call it.</param>
    /// <exception cref="UserErrorException">It is not YAML of keys and values, or has a key twice.</exception>
    public static OrderedDictionary<string, IReadOnlyList<string>> Read(string yaml, string name)
    {
        var keys = new OrderedDictionary<string, IReadOnlyList<string>>(StringComparer.Ordinal);
        try
        {
            var parser = new Parser(new StringReader(yaml));
            parser.Consume<StreamStart>();
            if (!parser.TryConsume<DocumentStart>(out _) || !parser.TryConsume<MappingStart>(out _))
            {
                throw new UserErrorException($"{name}: this is not YAML of keys and values.");
            }

            while (!parser.TryConsume<MappingEnd>(out _))
            {
                var key = parser.Consume<Scalar>();
                if (!keys.TryAdd(key.Value, Values(parser)))
                {
                    throw new UserErrorException(
                        $"{name}, line {key.Start.Line}: the key '{key.Value}' is there twice."
                    );
                }
            }
        }
        catch (Exception exception)
            when (exception is YamlException or InvalidOperationException or ArgumentException or FormatException)
        {
            var line = exception is YamlException yamlException ? $", line {yamlException.Start.Line}" : "";
            throw new UserErrorException($"{name}{line}: this is not YAML of keys and values.", exception);
        }

        return keys;
    }

    private static List<string> Values(IParser parser)
    {
        if (parser.TryConsume<Scalar>(out var scalar))
        {
            return [scalar.Value];
        }

        var isList = parser.Accept<SequenceStart>(out _);
        var (values, depth) = (new List<string>(), 0);
        do
        {
            var node = parser.Current!;
            depth += node.NestingIncrease;
            if (isList && depth == 1 && node is Scalar word)
            {
                values.Add(word.Value);
            }
            else if (depth > 1)
            {
                isList = false;
            }

            parser.MoveNext();
        } while (depth > 0);

        return isList ? values : [];
    }
}
