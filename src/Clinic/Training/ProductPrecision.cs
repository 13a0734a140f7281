using TorchSharp;
using static TorchSharp.torch;

namespace TransformerClinic.Training;

/// <summary>
/// How exactly CUDA devices compute products of float32 matrices while this lives; libtorch has one setting for the
/// whole process. On the processor it changes nothing.
/// </summary>
internal sealed class ProductPrecision : IDisposable
{
    private readonly bool? _before;

    /// <summary>Sets it, where the device is not the processor.</summary>
    public ProductPrecision(MatmulPrecision precision, Device device)
    {
        if (device.type != DeviceType.CPU)
        {
            _before = backends.cuda.matmul.allow_tf32;
            backends.cuda.matmul.allow_tf32 = precision == MatmulPrecision.High;
        }
    }

    /// <summary>Puts it back.</summary>
    public void Dispose()
    {
        if (_before is { } before)
        {
            backends.cuda.matmul.allow_tf32 = before;
        }
    }

    /// <summary>What is to be said of a setting that changes nothing, in words; null for nothing.</summary>
    public static string? Ignored(MatmulPrecision precision, Device device) =>
        precision == MatmulPrecision.High && device.type == DeviceType.CPU
            ? "training.matmulPrecision: high is for CUDA devices; the processor computes with all bits of float32."
            : null;
}
