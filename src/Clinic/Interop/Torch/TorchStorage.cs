using TransformerClinic.Interop.Pickle;

namespace TransformerClinic.Interop.Torch;

/// <summary>
/// A storage as a pickle refers to it: <c>('storage', torch.FloatStorage, key, location, elements[, view])</c>.
/// </summary>
/// <param name="Key">Its key in the file.</param>
/// <param name="Type">The name of its type.</param>
/// <param name="ElementSize">Size of an element in bytes.</param>
/// <param name="Elements">How many elements it has, from <paramref name="Begin"/> on.</param>
/// <param name="Begin">Its first element in the storage of that key: 0 unless it is a view.</param>
internal sealed record TorchStorage(string Key, PickleName Type, int ElementSize, long Elements, long Begin)
{
    /// <summary>More elements than any file has: products of sizes below it do not overflow.</summary>
    public const long Most = 1L << 48;

    private const string Tag = "storage";

    /// <summary>The storage that a reference is to.</summary>
    /// <exception cref="FormatException">It is not a reference to a storage of a known type.</exception>
    public static TorchStorage Of(object? reference)
    {
        if (
            reference
            is not PicklePersistentId
            {
                Id: object?[]
                    and [Tag, PickleName type, string key, _, long and >= 0 and <= Most and var elements, .. var rest]
            }
        )
        {
            throw new FormatException("it refers to something that is not a storage");
        }

        var size =
            TorchTypes.SizeOf(type)
            ?? throw new FormatException($"it has a storage of the type {type.Full}, not known");
        return rest switch
        {
            [] or [null] => new TorchStorage(key, type, size, elements, 0),
            [object?[] and [_, long and >= 0 and <= Most and var begin, long and >= 0 and <= Most and var count]] =>
                new TorchStorage(
                    key,
                    type,
                    size,
                    count <= elements && begin <= elements - count
                        ? count
                        : throw new FormatException($"its storage '{key}' is a view of more than there is"),
                    begin
                ),
            _ => throw new FormatException($"its storage '{key}' is a view of a kind that is not known"),
        };
    }

    /// <summary>The reference to a storage.</summary>
    public static PicklePersistentId Reference(string key, PickleName type, long elements) =>
        new(new object?[] { Tag, type, key, "cpu", elements });
}
