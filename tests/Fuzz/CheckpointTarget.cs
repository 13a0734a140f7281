using System.Buffers.Binary;
using System.IO.Compression;
using System.Text.RegularExpressions;
using TransformerClinic.Interop.Fairseq;
using TransformerClinic.Interop.Pickle;
using TransformerClinic.Interop.Torch;
using static TorchSharp.torch;

namespace TransformerClinic.Fuzz;

/// <summary>
/// The reader of checkpoints, of both layouts, on files that are nearly right: bytes are changed, and values of the
/// pickle are changed, moved and repeated. It may refuse a file, naming it; of what it accepts every tensor is read
/// whole, and takes no more memory than the file has bytes.
/// </summary>
/// <param name="stream">Whether the files are in the layout before PyTorch 1.6.</param>
internal sealed partial class CheckpointTarget(bool stream)
    : FileTarget(stream ? "old-checkpoint" : "checkpoint", "checkpoint.pt")
{
    private const string Description = "x/data.pkl";
    private const string Storage = "x/data/0";
    private static readonly byte[] Numbers =
    [
        .. Enumerable.Range(0, PickleSeeds.Elements * sizeof(float)).Select(i => (byte)i),
    ];

    public override IReadOnlyList<byte[]> Seeds { get; } =
    [.. PickleSeeds.All.Select(pickle => stream ? AsStream(pickle) : AsZip(pickle))];

    /// <summary>Mostly the pickle is changed and put into a whole file, or few would come further than that.</summary>
    public override byte[] Mutate(byte[] input, byte[] other, Random random)
    {
        if (random.Next(4) == 0 || PickleOf(input) is not { } pickle)
        {
            return ByteMutator.Mutate(input, other, random);
        }

        var changed =
            random.Next(3) == 0
                ? ByteMutator.Mutate(pickle, PickleOf(other) ?? other, random)
                : PickleMutator.Mutate(pickle, PickleOf(other) ?? other, random);
        return stream ? AsStream(changed) : AsZip(changed);
    }

    protected override string Read(string path, byte[] input)
    {
        using var scope = NewDisposeScope();
        using var file = TorchFile.Open(path);
        var content = file.Root as PickleDictionary;
        if (content is null)
        {
            return "something other than a dictionary";
        }

        using var checkpoint = FairseqCheckpoint.Open(path, []);
        var elements = 0L;
        foreach (var name in checkpoint.State.Names)
        {
            using var tensor = checkpoint.State.Read(name);
            Require(tensor.numel() >= 0 && tensor.is_contiguous(), "a tensor is not whole");
            elements += tensor.numel();
        }

        Require(elements == checkpoint.State.Elements, "a tensor has other elements than its shape says");
        Require(checkpoint.Options.Model.Encoder.Layers > 0, "a model without layers");
        return "a checkpoint";
    }

    /// <summary>Shapes, names of calls and opcodes come from the file.</summary>
    protected override string Reason(string message) =>
        base.Reason(FromTheFile().Replace(message, match => match.Groups[1].Value));

    [GeneratedRegex(
        @"(calls|of the type|opcode|cannot hold|is a torch|with an option that|with options that|shape) .*"
    )]
    private static partial Regex FromTheFile();

    /// <summary>The bytes of the file's pickle; null if the file is not whole enough to have one.</summary>
    private byte[]? PickleOf(byte[] file)
    {
        if (stream)
        {
            var head = StreamHead();
            var end = file.Length - StreamTail().Length;
            return file.AsSpan().StartsWith(head) && end > head.Length ? file[head.Length..end] : null;
        }

        try
        {
            using var archive = new ZipArchive(new MemoryStream(file));
            using var entry = archive.GetEntry(Description)?.Open();
            using var content = new MemoryStream();
            entry?.CopyTo(content);
            return entry is null ? null : content.ToArray();
        }
        catch (InvalidDataException)
        {
            return null;
        }
    }

    private static byte[] AsZip(byte[] pickle)
    {
        using var file = new MemoryStream();
        using (var archive = new ZipArchive(file, ZipArchiveMode.Create, leaveOpen: true))
        {
            Add(archive, Description, pickle);
            Add(archive, Storage, Numbers);
        }

        return file.ToArray();
    }

    private static void Add(ZipArchive archive, string name, byte[] content)
    {
        using var entry = archive.CreateEntry(name, CompressionLevel.NoCompression).Open();
        entry.Write(content);
    }

    private static byte[] AsStream(byte[] pickle) => [.. StreamHead(), .. pickle, .. StreamTail()];

    private static byte[] StreamHead() =>
        [
            .. (byte[])[0x80, 2, 0x8a, 10, 0x6c, 0xfc, 0x9c, 0x46, 0xf9, 0x20, 0x6a, 0xa8, 0x50, 0x19, (byte)'.'],
            .. Pickled(1001L),
            .. Pickled(new PickleDictionary()),
        ];

    private static byte[] StreamTail()
    {
        var count = new byte[sizeof(long)];
        BinaryPrimitives.WriteInt64LittleEndian(count, Numbers.Length / sizeof(float));
        return [.. Pickled(new List<object?> { "0" }), .. count, .. Numbers];
    }

    private static byte[] Pickled(object? value)
    {
        using var pickle = new MemoryStream();
        PickleWriter.Write(pickle, value);
        return pickle.ToArray();
    }
}
