using TransformerClinic.Interop.Safetensors;
using static TorchSharp.torch;

namespace TransformerClinic.Interop.Fairseq;

/// <summary>The tensors of a safetensors file.</summary>
internal sealed class SafetensorsWithFairseqNames(SafetensorsFile file) : IFairseqTensors
{
    /// <inheritdoc/>
    public string Path => file.Path;

    /// <inheritdoc/>
    public IEnumerable<string> Names => file.Tensors.Select(tensor => tensor.Name);

    /// <inheritdoc/>
    public bool Has(string name) => file.Has(name);

    /// <inheritdoc/>
    public Tensor Read(string name) => file.ReadTensor(name);
}
