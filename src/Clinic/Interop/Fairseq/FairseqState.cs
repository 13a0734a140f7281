using TransformerClinic.Common;
using TransformerClinic.Interop.Pickle;
using TransformerClinic.Interop.Torch;
using static TorchSharp.torch;

namespace TransformerClinic.Interop.Fairseq;

/// <summary>
/// The weights of a checkpoint (its <c>model</c>), by the names that <see cref="FairseqNames"/> has for them, whichever
/// version of fairseq wrote them.
/// </summary>
internal sealed class FairseqState : IFairseqTensors
{
    private readonly TorchFile _file;
    private readonly Dictionary<string, TorchTensor> _tensors = new(StringComparer.Ordinal);

    /// <summary>The weights in a file.</summary>
    /// <param name="file">The file.</param>
    /// <param name="model">Its <c>model</c>.</param>
    /// <exception cref="UserErrorException">
    /// It is not a dictionary of tensors, or not one of this file's size.
    /// </exception>
    public FairseqState(TorchFile file, object? model)
    {
        _file = file;
        var entries = model switch
        {
            PickleDictionary dictionary => dictionary,
            PickleCall { Callee.Full: "collections.OrderedDict" } call => call.Entries,
            _ => throw new UserErrorException(
                $"{file.Path}: the file has no 'model' with tensors by name, so it is not a checkpoint of fairseq."
            ),
        };
        foreach (var (stored, value) in entries.Named())
        {
            if (!_tensors.TryAdd(OlderFairseqNames.Current(stored), TensorOf(stored, value)))
            {
                throw new UserErrorException(
                    $"{file.Path}: the checkpoint has the tensor '{OlderFairseqNames.Current(stored)}' twice."
                );
            }
        }

        CheckSize();
    }

    /// <inheritdoc/>
    public string Path => _file.Path;

    /// <inheritdoc/>
    public IEnumerable<string> Names => _tensors.Keys;

    /// <summary>How many numbers all weights together have.</summary>
    public long Elements => _tensors.Values.Sum(tensor => tensor.Elements);

    /// <summary>The names of the types that the weights are stored in, such as <c>torch.HalfStorage</c>.</summary>
    public IReadOnlyList<string> Types =>
        [
            .. _tensors
                .Where(tensor => !FairseqNames.IsConstant(tensor.Key))
                .Select(tensor => tensor.Value.Storage.Type.Full)
                .Distinct()
                .Order(StringComparer.Ordinal),
        ];

    /// <summary>Whether there is a tensor of a name.</summary>
    public bool Has(string name) => _tensors.ContainsKey(name);

    /// <summary>A tensor's shape; null if there is none of the name.</summary>
    public IReadOnlyList<long>? ShapeOf(string name) => _tensors.GetValueOrDefault(name)?.Shape;

    /// <inheritdoc/>
    public Tensor Read(string name) =>
        _tensors.TryGetValue(name, out var tensor)
            ? _file.Read(name, tensor)
            : throw new UserErrorException($"{Path}: the file has no tensor '{name}'.");

    private TorchTensor TensorOf(string name, object? value)
    {
        try
        {
            return TorchTensor.Of(value)
                ?? throw new UserErrorException($"{_file.Path}: '{name}' in the checkpoint's model is not a tensor.");
        }
        catch (FormatException exception)
        {
            throw new UserErrorException(
                $"{_file.Path}: the checkpoint's tensor '{name}' cannot be read: {exception.Message}.",
                exception
            );
        }
    }

    /// <summary>
    /// Weights that are shared are stored once and refer to the same elements; others have elements of their own. A
    /// file whose tensors overlap otherwise would take any amount of memory.
    /// </summary>
    private void CheckSize()
    {
        var own = _tensors
            .Values.DistinctBy(tensor => (tensor.Storage.Key, tensor.Storage.Begin + tensor.Offset))
            .Sum(tensor => tensor.Bytes);
        var most =
            _tensors
                .Values.GroupBy(tensor => (tensor.Storage.Key, tensor.Storage.Begin + tensor.Offset))
                .Max(group => (long?)group.Max(tensor => tensor.Bytes) - group.First().Bytes)
            ?? 0;
        if (own > _file.Length || most > 0)
        {
            throw new UserErrorException(
                $"{_file.Path}: the checkpoint's tensors have more numbers than the file; it is not whole."
            );
        }
    }
}
