namespace TransformerClinic.Interop.Marian;

/// <summary>A tensor of a file of Marian.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Shape">Its shape.</param>
/// <param name="Type">The type of its elements in words; see <see cref="IsFloat"/>.</param>
/// <param name="Offset">Where its elements are.</param>
internal sealed record MarianTensor(string Name, IReadOnlyList<long> Shape, string Type, long Offset)
{
    /// <summary>What <see cref="Type"/> is for the one type that weights are read in.</summary>
    public const string Float = "float32";

    /// <summary>Whether its elements are float32.</summary>
    public bool IsFloat => Type == Float;

    /// <summary>How many elements it has.</summary>
    /// <exception cref="InvalidDataException">More than an array can have, or a size is negative.</exception>
    public int Count => Elements(Name, Shape);

    /// <summary>How many elements a shape has.</summary>
    /// <exception cref="InvalidDataException">More than an array can have, or a size is negative.</exception>
    public static int Elements(string name, IReadOnlyList<long> shape)
    {
        var count = 1L;
        foreach (var size in shape)
        {
            count =
                size is >= 0 and <= int.MaxValue && count * size <= Array.MaxLength
                    ? count * size
                    : throw new InvalidDataException($"its tensor {name} has a shape that no tensor can have");
        }

        return (int)count;
    }
}
