using TransformerClinic.Interop.Pickle;

namespace TransformerClinic.Interop.Torch;

/// <summary>A tensor of a file: a view of a storage, whose elements are read when they are asked for.</summary>
/// <param name="Storage">The storage.</param>
/// <param name="Offset">Its first element in the storage.</param>
/// <param name="Shape">Its shape.</param>
/// <param name="Strides">How far apart neighbors are, by dimension, in elements.</param>
internal sealed record TorchTensor(TorchStorage Storage, long Offset, long[] Shape, long[] Strides)
{
    private const int MostDimensions = 8;
    private static readonly PickleName Rebuild = new("torch._utils", "_rebuild_tensor_v2");

    /// <summary>How many elements it has.</summary>
    public long Elements => Shape.Aggregate(1L, (product, size) => product * size);

    /// <summary>How many bytes its elements take.</summary>
    public long Bytes => Elements * Storage.ElementSize;

    /// <summary>How many elements of the storage lie from its first to its last element.</summary>
    public long Extent => Elements == 0 ? 0 : 1 + Shape.Zip(Strides, (size, stride) => (size - 1) * stride).Sum();

    /// <summary>The tensor that a pickle describes; null if it describes something else.</summary>
    /// <exception cref="FormatException">It is a tensor that does not fit into its storage.</exception>
    public static TorchTensor? Of(object? value) =>
        value is PickleCall call
            ? (call.Callee.Full, call.Arguments) switch
            {
                (
                    "torch._utils._rebuild_tensor_v2"
                        or "torch._utils._rebuild_tensor",
                    [var storage, long offset, var shape, var strides, ..]
                ) => Checked(new TorchTensor(TorchStorage.Of(storage), offset, Sizes(shape), Sizes(strides))),
                (
                    "torch._utils._rebuild_parameter",
                    [PickleCall { Callee.Full: not "torch._utils._rebuild_parameter" } data, ..]
                ) => Of(data),
                _ => null,
            }
            : null;

    /// <summary>The description of a contiguous tensor that is all of a storage.</summary>
    public static PickleCall Describe(PicklePersistentId storage, IReadOnlyList<long> shape)
    {
        var strides = new long[shape.Count];
        for (var (i, stride) = (shape.Count - 1, 1L); i >= 0; stride *= shape[i--])
        {
            strides[i] = stride;
        }

        return new PickleCall(
            Rebuild,
            [storage, 0L, Boxed(shape), Boxed(strides), false, new PickleCall(OrderedDictionary, [])]
        );
    }

    /// <summary>The name of the dictionaries that PyTorch keeps states in.</summary>
    public static PickleName OrderedDictionary { get; } = new("collections", "OrderedDict");

    private static object?[] Boxed(IReadOnlyList<long> sizes) => [.. sizes.Select(size => (object?)size)];

    private static long[] Sizes(object? value) =>
        value switch
        {
            PickleCall { Callee.Full: "torch.Size", Arguments: [object?[] inner] } => Sizes(inner),
            object?[] sizes
                when sizes.Length <= MostDimensions
                    && sizes.All(size => size is long and >= 0 and <= TorchStorage.Most) =>
            [
                .. sizes.Select(size => (long)size!),
            ],
            _ => throw new FormatException("it has a tensor whose sizes are not numbers"),
        };

    /// <summary>The tensor, if it is in its storage and has no more elements than it.</summary>
    private static TorchTensor Checked(TorchTensor tensor)
    {
        var (shape, strides) = (tensor.Shape, tensor.Strides);
        if (shape.Length != strides.Length || tensor.Offset < 0 || tensor.Offset > tensor.Storage.Elements)
        {
            throw new FormatException("it has a tensor whose sizes do not fit together");
        }

        var (elements, last) = (Int128.One, (Int128)tensor.Offset);
        for (var i = 0; i < shape.Length; i++)
        {
            // Factors have at most 48 bits: no product here exceeds 128.
            elements *= shape[i];
            last += (Int128)Math.Max(0, shape[i] - 1) * strides[i];
            if (elements > tensor.Storage.Elements)
            {
                throw Outside(tensor);
            }
        }

        return elements == 0 || last < tensor.Storage.Elements ? tensor : throw Outside(tensor);
    }

    private static FormatException Outside(TorchTensor tensor) =>
        new($"it has a tensor of the shape [{string.Join(", ", tensor.Shape)}] that its storage does not hold");
}
