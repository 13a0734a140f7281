using TransformerClinic.Interop.Marian;

namespace TransformerClinic.Fuzz;

/// <summary>
/// The readers of Marian's files, on files that are nearly right: what is accepted is read whole, with the options.
/// </summary>
internal sealed class MarianTarget(string name, string file, string golden) : FileTarget(name, file)
{
    private const string UnknownOption = "has the option";

    public override IReadOnlyList<byte[]> Seeds { get; } = [MarianSeeds.Of(golden)];

    public override byte[] Mutate(byte[] input, byte[] other, Random random) =>
        ByteMutator.Mutate(input, other, random);

    protected override string Read(string path, byte[] input)
    {
        using var model = MarianFile.Open(path);
        foreach (var tensor in model.Tensors.Values.Where(tensor => tensor.IsFloat))
        {
            Require(model.Read(tensor).Length == tensor.Count, "a tensor has other elements than its shape says");
        }

        var options = MarianOptions.Of(model, []);
        return $"{Math.Min(model.Tensors.Count, 3)} tensors, {options.Embeddings}";
    }

    /// <summary>Which option is not known comes from the file.</summary>
    protected override string Reason(string message) =>
        base.Reason(
            message.IndexOf(UnknownOption, StringComparison.Ordinal) is >= 0 and var at ? message[..at] : message
        );
}

/// <summary>Small files of Marian's formats.</summary>
internal static class MarianSeeds
{
    /// <summary>A file of the format of an ending.</summary>
    public static byte[] Of(string ending)
    {
        using var model = new Model.Transformer(
            new Model.ModelOptions
            {
                Encoder = new() { Layers = 1, Variant = Residuals.ResidualVariant.PostLn },
                Decoder = new() { Layers = 1, Variant = Residuals.ResidualVariant.PostLn },
                Dim = 2,
                Heads = 1,
                FeedForwardDim = 2,
                OutputBias = true,
                ZeroStart = true,
                Positions = Model.PositionFormula.Marian,
            },
            vocabulary: 5,
            padding: 1,
            seed: 1
        );
        using var binary = new MemoryStream();
        MarianWriter.Write(binary, model);
        return ending == ".bin" ? binary.ToArray() : Npz(binary.ToArray());
    }

    /// <summary>The tensors of a file of Marian's own format as arrays of NumPy.</summary>
    private static byte[] Npz(byte[] binary)
    {
        var path = Path.GetTempFileName();
        try
        {
            File.WriteAllBytes(path, binary);
            using var file = MarianFile.Open(path);
            using var stream = new MemoryStream();
            using (
                var archive = new System.IO.Compression.ZipArchive(stream, System.IO.Compression.ZipArchiveMode.Create)
            )
            {
                foreach (var tensor in file.Tensors.Values)
                {
                    var data = System.Runtime.InteropServices.MemoryMarshal.AsBytes(file.Read(tensor).AsSpan());
                    Add(archive, tensor.Name, "<f4", string.Join(", ", tensor.Shape), data);
                }

                var options = System.Text.Encoding.UTF8.GetBytes(file.Options!);
                Add(archive, IMarianFile.OptionsName, "|i1", $"{options.Length},", options);
            }

            return stream.ToArray();
        }
        finally
        {
            File.Delete(path);
        }
    }

    private static void Add(
        System.IO.Compression.ZipArchive archive,
        string name,
        string type,
        string shape,
        ReadOnlySpan<byte> data
    )
    {
        using var entry = archive
            .CreateEntry(name + ".npy", System.IO.Compression.CompressionLevel.NoCompression)
            .Open();
        var header = $"{{'descr': '{type}', 'fortran_order': False, 'shape': ({shape}), }}\n";
        entry.Write([0x93, .. "NUMPY"u8, 1, 0, (byte)header.Length, (byte)(header.Length >> 8)]);
        entry.Write(System.Text.Encoding.ASCII.GetBytes(header));
        entry.Write(data);
    }
}
