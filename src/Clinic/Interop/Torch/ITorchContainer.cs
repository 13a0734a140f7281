namespace TransformerClinic.Interop.Torch;

/// <summary>One of the two layouts of PyTorch's files.</summary>
internal interface ITorchContainer : IDisposable
{
    /// <summary>What the file's pickle describes.</summary>
    object? Root { get; }

    /// <summary>Whether numbers are stored with their lowest byte first.</summary>
    bool IsLittleEndian { get; }

    /// <summary>Whether the file has bytes of a storage.</summary>
    /// <param name="storage">The storage.</param>
    /// <param name="begin">The first byte, counted from the beginning of the storage with the key.</param>
    /// <param name="count">How many bytes.</param>
    bool Holds(TorchStorage storage, long begin, long count);

    /// <summary>Reads bytes of a storage that the file has.</summary>
    /// <param name="storage">The storage.</param>
    /// <param name="begin">The first byte, counted from the beginning of the storage with the key.</param>
    /// <param name="destination">Where to.</param>
    void Read(TorchStorage storage, long begin, Span<byte> destination);
}
