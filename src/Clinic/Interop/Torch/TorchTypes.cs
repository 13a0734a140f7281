using static TorchSharp.torch;

namespace TransformerClinic.Interop.Torch;

/// <summary>The types of PyTorch's storages, by the names that its files have for them.</summary>
internal static class TorchTypes
{
    private const string Module = "torch";

    /// <summary>The name of the storages of float32, which is all that is written.</summary>
    public static readonly Pickle.PickleName Float = new(Module, "FloatStorage");

    /// <summary>Size of an element in bytes; null if it is not the name of a known storage.</summary>
    public static int? SizeOf(Pickle.PickleName storage) =>
        storage.Full switch
        {
            "torch.ComplexDoubleStorage" => 16,
            "torch.DoubleStorage" or "torch.LongStorage" or "torch.ComplexFloatStorage" => 8,
            "torch.FloatStorage" or "torch.IntStorage" => 4,
            "torch.HalfStorage" or "torch.BFloat16Storage" or "torch.ShortStorage" => 2,
            "torch.ByteStorage"
            or "torch.CharStorage"
            or "torch.BoolStorage"
            or "torch.UntypedStorage"
            or "torch.storage.UntypedStorage"
            or "torch.storage._UntypedStorage" => 1,
            _ => null,
        };

    /// <summary>The type of the elements; null for one that weights do not have.</summary>
    public static ScalarType? TypeOf(Pickle.PickleName storage) =>
        storage.Full switch
        {
            "torch.DoubleStorage" => ScalarType.Float64,
            "torch.FloatStorage" => ScalarType.Float32,
            "torch.HalfStorage" => ScalarType.Float16,
            "torch.BFloat16Storage" => ScalarType.BFloat16,
            "torch.LongStorage" => ScalarType.Int64,
            "torch.IntStorage" => ScalarType.Int32,
            _ => null,
        };
}
