using TransformerClinic.Common;
using static TorchSharp.torch;

namespace TransformerClinic.Interop.Safetensors;

/// <summary>The parameters of a TorchSharp module as a safetensors file, each under its own name.</summary>
internal static class ModuleWeights
{
    /// <summary>Writes every parameter as float32.</summary>
    public static void Write(Stream stream, nn.Module module, IReadOnlyDictionary<string, string>? metadata = null) =>
        SafetensorsWriter.Write(
            stream,
            [.. module.named_parameters().Select(entry => Source(entry.name, entry.parameter))],
            metadata
        );

    /// <summary>A float32 tensor to write.</summary>
    public static TensorSource Source(string name, Tensor tensor) => Source(name, tensor.shape, () => tensor);

    /// <summary>A float32 tensor to write, which is there when it is written.</summary>
    public static TensorSource Source(string name, long[] shape, Func<Tensor> tensor) =>
        new(
            name,
            "F32",
            shape,
            stream =>
            {
                using var scope = NewDisposeScope();
                stream.Write(tensor().detach().to(ScalarType.Float32).cpu().contiguous().bytes);
            }
        );

    /// <summary>Copies a file's tensors into the parameters of the same names, in place.</summary>
    /// <exception cref="UserErrorException">A parameter is missing, left over, or has another shape.</exception>
    public static void Read(SafetensorsFile file, string path, nn.Module module)
    {
        Check(file, path, module);
        foreach (var (name, parameter) in module.named_parameters())
        {
            Load(file, name, parameter);
        }
    }

    /// <summary>Checks that a file has a float32 tensor for each parameter, of its shape, and no other.</summary>
    /// <exception cref="UserErrorException">A parameter is missing, left over, or has another shape.</exception>
    internal static void Check(SafetensorsFile file, string path, nn.Module module)
    {
        var parameters = module.named_parameters().ToList();
        var surplus = file
            .Tensors.Select(tensor => tensor.Name)
            .Except(parameters.Select(entry => entry.name))
            .FirstOrDefault();
        if (surplus is not null)
        {
            throw new UserErrorException(
                $"{path}: the file has a tensor '{surplus}' that this model does not have; it belongs to a model of "
                    + "another shape."
            );
        }

        foreach (var (name, parameter) in parameters)
        {
            Check(file, path, name, parameter);
        }
    }

    /// <summary>Copies one float32 tensor of a file into a tensor of the same shape, in place.</summary>
    /// <exception cref="UserErrorException">The file has no such tensor, or it has another shape or type.</exception>
    public static void Read(SafetensorsFile file, string path, string name, Tensor destination)
    {
        Check(file, path, name, destination);
        Load(file, name, destination);
    }

    private static void Check(SafetensorsFile file, string path, string name, Tensor destination)
    {
        var info = file.Info(name);
        if (info.Dtype != "F32" || !info.Shape.SequenceEqual(destination.shape))
        {
            throw new UserErrorException(
                $"{path}: the tensor '{name}' is {info.Dtype} [{string.Join(", ", info.Shape)}], where F32 "
                    + $"[{string.Join(", ", destination.shape)}] is needed."
            );
        }
    }

    private static void Load(SafetensorsFile file, string name, Tensor destination)
    {
        using var scope = NewDisposeScope();
        using var noGradient = no_grad();
        var loaded = empty(destination.shape, dtype: ScalarType.Float32);
        file.Read(name, loaded.bytes);
        destination.copy_(loaded);
    }
}
