using TransformerClinic.Common;
using TransformerClinic.Files;

namespace TransformerClinic.Interop.Marian;

/// <summary>
/// A vocabulary file of Marian or Hugging Face: pieces with their ids in YAML or JSON, or a piece a line in the order
/// of ids.
/// </summary>
internal static class MarianVocabulary
{
    /// <summary>The pieces by id. An id between others that no piece has gets a name that no text has.</summary>
    /// <param name="path">The file.</param>
    /// <param name="size">How many ids the model has; 0 for as many as the file has.</param>
    /// <exception cref="UserErrorException">
    /// The file is missing or damaged, two pieces have one id, or an id is beyond the model's.
    /// </exception>
    public static IReadOnlyList<string> Read(string path, int size)
    {
        var ids = Path.GetExtension(path) switch
        {
            ".json" => Json.ReadForeign<Dictionary<string, int>>(path),
            ".yml" or ".yaml" => OfYaml(path),
            _ => OfLines(path),
        };
        var count = size > 0 ? size : ids.Values.DefaultIfEmpty(-1).Max() + 1L;
        var pieces = new string?[count <= ids.Count * 2L ? count : Beyond(path, count, ids.Count)];
        foreach (var (piece, id) in ids)
        {
            if (id < 0 || id >= pieces.Length)
            {
                throw new UserErrorException(
                    $"{path}: the piece '{piece}' has the id {id}, but the model has {pieces.Length} of them: they do "
                        + "not belong together."
                );
            }

            if (pieces[id] is { } other)
            {
                throw new UserErrorException($"{path}: the pieces '{other}' and '{piece}' have the same id, {id}.");
            }

            pieces[id] = piece;
        }

        return [.. pieces.Select((piece, id) => piece ?? Unreachable(id))];
    }

    /// <summary>The pieces of a file by their ids, filled up to the model's number of ids.</summary>
    /// <exception cref="UserErrorException">They are more than the model has ids.</exception>
    public static IReadOnlyList<string> Filled(IEnumerable<string> pieces, int size, string path)
    {
        string[] all = [.. pieces];
        return all.Length <= size
            ? [.. all, .. Enumerable.Range(all.Length, size - all.Length).Select(Unreachable)]
            : throw new UserErrorException(
                $"{path}: the file has {all.Length} pieces, but the model {size} ids: they do not belong together."
            );
    }

    /// <summary>The name of a row that no text has.</summary>
    private static string Unreachable(int row) => $"<row {row}>";

    private static long Beyond(string path, long count, int pieces) =>
        throw new UserErrorException(
            $"{path}: the file has {pieces} pieces for {count} ids: they do not belong together."
        );

    private static Dictionary<string, int> OfLines(string path)
    {
        var ids = new Dictionary<string, int>(StringComparer.Ordinal);
        foreach (var (id, piece) in TextLines.Read(path).Index())
        {
            if (!ids.TryAdd(piece, id))
            {
                throw new UserErrorException($"{path}, line {id + 1}: the piece '{piece}' is there twice.");
            }
        }

        return ids;
    }

    private static Dictionary<string, int> OfYaml(string path)
    {
        var ids = new Dictionary<string, int>(StringComparer.Ordinal);
        foreach (var (piece, values) in FlatYaml.Read(string.Join('\n', TextLines.Read(path)), path))
        {
            ids[piece] =
                values is [var value] && int.TryParse(value, System.Globalization.NumberStyles.None, null, out var id)
                    ? id
                    : throw new UserErrorException($"{path}: the piece '{piece}' has no id.");
        }

        return ids;
    }
}
