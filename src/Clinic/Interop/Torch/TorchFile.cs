using TransformerClinic.Common;
using TransformerClinic.Files;
using TransformerClinic.Interop.Pickle;
using static TorchSharp.torch;

namespace TransformerClinic.Interop.Torch;

/// <summary>
/// A file of PyTorch's <c>torch.save</c>, of either layout, opened for reading. Its pickle is read as data and never
/// run; tensors are read one by one. Opening takes at most a few times the file's size in memory, whatever is in it.
/// Only one thread at a time may read.
/// </summary>
internal sealed class TorchFile : IDisposable
{
    private const int MemoryPerByte = 3;
    private const int MemoryOfSmallFiles = 2 << 20;
    private const int TarMagicAt = 257;
    private readonly ITorchContainer _container;

    private TorchFile(string path, ITorchContainer container, long length) =>
        (Path, _container, Length) = (path, container, length);

    /// <summary>The file's path.</summary>
    public string Path { get; }

    /// <summary>The file's size in bytes.</summary>
    public long Length { get; }

    /// <summary>What the file's pickle describes.</summary>
    public object? Root => _container.Root;

    /// <summary>Opens a file and reads its description.</summary>
    /// <exception cref="UserErrorException">
    /// The file is missing, damaged, not one of PyTorch's, or calls something that a checkpoint has no reason to call.
    /// </exception>
    public static TorchFile Open(string path)
    {
        var stream = InputFile.Open(path, "a checkpoint is a file such as checkpoint_best.pt");
        try
        {
            return Guarded(path, () => new TorchFile(path, ContainerOf(stream), stream.Length));
        }
        catch
        {
            stream.Dispose();
            throw;
        }
    }

    /// <summary>A tensor in the type that it is stored in, on the CPU, owned by the current dispose scope.</summary>
    /// <exception cref="UserErrorException">
    /// The file does not have all of it, or libtorch does not compute with its type.
    /// </exception>
    public Tensor Read(string name, TorchTensor tensor)
    {
        var type =
            TorchTypes.TypeOf(tensor.Storage.Type)
            ?? throw new UserErrorException(
                $"{Path}: the tensor '{name}' is a {tensor.Storage.Type.Full}, a type that cannot be used for "
                    + "computing here."
            );
        var (storage, size) = (tensor.Storage, tensor.Storage.ElementSize);
        var begin = (storage.Begin + tensor.Offset) * size;
        if (!_container.Holds(storage, begin, tensor.Extent * size))
        {
            throw new UserErrorException(
                $"{Path}: the file does not hold all of the tensor '{name}' "
                    + $"[{string.Join(", ", tensor.Shape)}]; it is not whole."
            );
        }

        using var scope = NewDisposeScope();
        var stored = empty([tensor.Extent], type);
        if (tensor.Elements > 0)
        {
            Guarded(
                Path,
                () =>
                {
                    var bytes = stored.bytes;
                    _container.Read(storage, begin, bytes);
                    ToNativeOrder(bytes, size);
                    return true;
                }
            );
        }

        return (tensor.Elements == 0 ? empty(tensor.Shape, type) : stored.as_strided(tensor.Shape, tensor.Strides))
            .contiguous()
            .MoveToOuterDisposeScope();
    }

    /// <inheritdoc/>
    public void Dispose() => _container.Dispose();

    private void ToNativeOrder(Span<byte> bytes, int size)
    {
        if (_container.IsLittleEndian != BitConverter.IsLittleEndian)
        {
            for (var i = 0; i < bytes.Length; i += size)
            {
                bytes.Slice(i, size).Reverse();
            }
        }
    }

    private static ITorchContainer ContainerOf(FileStream stream)
    {
        var head = new byte[TarMagicAt + 5];
        var read = stream.ReadAtLeast(head, head.Length, throwOnEndOfStream: false);
        stream.Position = 0;
        var memory = MemoryOfSmallFiles + (MemoryPerByte * stream.Length);
        return head.AsSpan(0, read) switch
        {
            [(byte)'P', (byte)'K', 3, 4, ..] => new ZipContainer(stream, memory),
            [0x80, 2, ..] => new StreamContainer(stream, memory),
            var bytes when bytes.EndsWith("ustar"u8) => throw new FormatException(
                "it is a tar archive as PyTorch wrote them before 0.1.10; load it with an old PyTorch and save it again"
            ),
            _ => throw new FormatException("it does not begin like a file of PyTorch"),
        };
    }

    private static T Guarded<T>(string path, Func<T> read)
    {
        try
        {
            return read();
        }
        catch (PickleCallException exception)
        {
            throw new UserErrorException(
                $"{path}: this file calls {exception.Callee}; a checkpoint has no reason to. Nothing was run. Do not "
                    + "open it with Python unless you know why it does that.",
                exception
            );
        }
        catch (Exception exception) when (exception is FormatException or InvalidDataException or EndOfStreamException)
        {
            throw new UserErrorException(
                $"{path}: this is not a checkpoint of PyTorch that can be read: {exception.Message.TrimEnd('.')}.",
                exception
            );
        }
    }
}
