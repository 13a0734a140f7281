using TransformerClinic.Common;
using TransformerClinic.Interop.Fairseq;
using TransformerClinic.Interop.Safetensors;
using static TorchSharp.torch;

namespace TransformerClinic.Reproduction.Verification.Reference;

/// <summary>A file of the reference's tensors, looked up by their names in the reference.</summary>
internal sealed class ReferenceTensors : IDisposable
{
    private readonly SafetensorsFile _file;

    /// <summary>Opens a file.</summary>
    /// <exception cref="UserErrorException">The file is missing or damaged.</exception>
    public ReferenceTensors(string path)
    {
        _file = SafetensorsFile.Open(path);
        Parameters = new FairseqWeights(_file);
    }

    /// <summary>All names.</summary>
    public IEnumerable<string> Names => _file.Tensors.Select(tensor => tensor.Name);

    /// <summary>The tensors with a parameter's name, looked up by our name for it.</summary>
    public FairseqWeights Parameters { get; }

    /// <summary>Whether a tensor exists.</summary>
    public bool Has(string name) => _file.Has(name);

    /// <summary>A tensor in its stored type.</summary>
    public Tensor this[string name] => _file.ReadTensor(name);

    /// <summary>
    /// Activations are recorded as <c>[time, batch, dim]</c>; ours are <c>[batch, time, dim]</c>. Logits are
    /// batch-first in both.
    /// </summary>
    public Tensor BatchFirst(string name) => name == "logits" ? this[name] : this[name].transpose(0, 1);

    /// <inheritdoc/>
    public void Dispose() => _file.Dispose();
}
