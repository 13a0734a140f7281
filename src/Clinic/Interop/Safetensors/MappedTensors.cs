using System.IO.MemoryMappedFiles;
using TransformerClinic.Common;

namespace TransformerClinic.Interop.Safetensors;

/// <summary>
/// A safetensors file whose tensors are read where they are, mapped into memory: pages that nobody reads are not
/// loaded, and processes that read the same file share them. The mapping ends with this object.
/// </summary>
internal sealed unsafe class MappedTensors
{
    private readonly MemoryMappedViewAccessor _view;
    private readonly byte* _start;
    private readonly Dictionary<string, TensorInfo> _tensors;

    private MappedTensors(SafetensorsFile file, FileStream stream, long dataStart)
    {
        _tensors = file.Tensors.ToDictionary(tensor => tensor.Name, StringComparer.Ordinal);
        using var mapped = MemoryMappedFile.CreateFromFile(
            stream,
            mapName: null,
            capacity: 0,
            MemoryMappedFileAccess.Read,
            HandleInheritability.None,
            leaveOpen: true
        );
        _view = mapped.CreateViewAccessor(0, 0, MemoryMappedFileAccess.Read);
        byte* first = null;
        _view.SafeMemoryMappedViewHandle.AcquirePointer(ref first);
        _start = first + _view.PointerOffset + dataStart;
    }

    /// <summary>Gives the pages back.</summary>
    ~MappedTensors()
    {
        _view.SafeMemoryMappedViewHandle.ReleasePointer();
        _view.Dispose();
    }

    /// <summary>Tensors of the file.</summary>
    public int Count => _tensors.Count;

    /// <summary>Maps a file and checks its header.</summary>
    /// <exception cref="UserErrorException">The file is missing, truncated or breaks a rule of the format.</exception>
    public static MappedTensors Open(string path)
    {
        using var file = SafetensorsFile.Open(path);
        return file.Map((stream, dataStart) => new MappedTensors(file, stream, dataStart));
    }

    /// <summary>
    /// The numbers of a tensor, float32 row after row, and its shape; they stay for as long as somebody holds this.
    /// Null if the file has no such tensor, or one of another type, or not where a processor expects numbers.
    /// </summary>
    public float* Float32(string name, out IReadOnlyList<long> shape)
    {
        shape = [];
        if (!_tensors.TryGetValue(name, out var info) || info.Dtype != "F32")
        {
            return null;
        }

        shape = info.Shape;
        var start = _start + info.Begin;
        return (nuint)start % sizeof(float) == 0 ? (float*)start : null;
    }
}
