using TransformerClinic.Common;
using TransformerClinic.Interop.Fairseq;
using TransformerClinic.Interop.Safetensors;
using TransformerClinic.Interop.Torch;
using static TorchSharp.torch;

namespace TransformerClinic.Interop.Marian;

/// <summary>
/// The weights in a folder of Hugging Face: <c>model.safetensors</c>, or the older <c>pytorch_model.bin</c>, whose
/// pickle is read and never run. Layers have the names that fairseq has for them, after <c>model.</c>.
/// </summary>
internal sealed class HuggingFaceTensors : IDisposable
{
    private const string SafeFile = "model.safetensors";
    private const string PickledFile = "pytorch_model.bin";

    private readonly IDisposable _file;

    private HuggingFaceTensors(IFairseqTensors tensors, IDisposable file) => (Tensors, _file) = (tensors, file);

    /// <summary>The weights.</summary>
    public IFairseqTensors Tensors { get; }

    /// <summary>Which file of a folder holds the weights.</summary>
    public static string FileOf(string folder)
    {
        var (safe, pickled) = (Path.Combine(folder, SafeFile), Path.Combine(folder, PickledFile));
        return !File.Exists(safe) && File.Exists(pickled) ? pickled : safe;
    }

    /// <summary>Opens the weights of a folder.</summary>
    /// <exception cref="UserErrorException">They are missing or damaged.</exception>
    public static HuggingFaceTensors Open(string folder)
    {
        var path = FileOf(folder);
        if (Path.GetFileName(path) == SafeFile)
        {
            var file = SafetensorsFile.Open(path);
            return new HuggingFaceTensors(new Safe(file), file);
        }

        var pickled = TorchFile.Open(path);
        try
        {
            return new HuggingFaceTensors(new FairseqState(pickled, pickled.Root), pickled);
        }
        catch
        {
            pickled.Dispose();
            throw;
        }
    }

    /// <inheritdoc/>
    public void Dispose() => _file.Dispose();

    private sealed class Safe(SafetensorsFile file) : IFairseqTensors
    {
        private readonly Dictionary<string, string> _stored = file
            .Tensors.GroupBy(tensor => OlderFairseqNames.Current(tensor.Name), StringComparer.Ordinal)
            .ToDictionary(group => group.Key, group => group.First().Name, StringComparer.Ordinal);

        public string Path => file.Path;

        public IEnumerable<string> Names => _stored.Keys;

        public bool Has(string name) => _stored.ContainsKey(name);

        public Tensor Read(string name) => file.ReadTensor(_stored.GetValueOrDefault(name, name));
    }
}
