using TransformerClinic.Interop;
using static TorchSharp.torch;

namespace TransformerClinic.Tests.Golden;

/// <summary>The reference's tensors, looked up by their names.</summary>
internal sealed class GoldenTensors(SafetensorsFile file) : IDisposable
{
    public IEnumerable<string> Names => file.Tensors.Select(tensor => tensor.Name);

    public static string PathOf(string path) => Path.Combine(AppContext.BaseDirectory, "Golden", path);

    public static GoldenTensors Open(string path) => new(SafetensorsFile.Open(PathOf(path)));

    public Tensor this[string name]
    {
        get
        {
            var info = file.Info(name);
            return info.Dtype switch
            {
                "F32" => tensor(file.Read<float>(name), info.Shape),
                "F64" => tensor(file.Read<double>(name), info.Shape),
                "I64" => tensor(file.Read<long>(name), info.Shape),
                _ => throw new NotSupportedException(info.Dtype),
            };
        }
    }

    /// <summary>Reference activations are <c>[time, batch, dim]</c>; ours are <c>[batch, time, dim]</c>.</summary>
    public Tensor BatchFirst(string name) => this[name].transpose(0, 1);

    public void Dispose() => file.Dispose();
}
