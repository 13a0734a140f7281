using System.IO.Compression;
using System.Runtime.InteropServices;
using System.Text;
using TransformerClinic.Interop.Marian;
using TransformerClinic.Model;
using TransformerClinic.Residuals;
using TransformerClinic.Text;
using TransformerClinic.Text.SentencePiece;
using static TorchSharp.torch;

namespace TransformerClinic.Tests.TestSupport;

/// <summary>A small model with our weights, written as Marian and Hugging Face would have it.</summary>
internal sealed class MarianFiles
{
    public const string Options = """
        type: transformer
        dim-emb: 16
        dim-vocabs:
          - {0}
          - {1}
        enc-depth: 2
        dec-depth: 2
        tied-embeddings: false
        tied-embeddings-all: true
        tied-embeddings-src: false
        transformer-heads: 2
        transformer-dim-ffn: 24
        transformer-ffn-depth: 2
        transformer-ffn-activation: swish
        transformer-preprocess: ""
        transformer-postprocess: dan
        transformer-postprocess-emb: d
        transformer-postprocess-top: ""
        transformer-tied-layers:
          []
        input-types:
          []
        dim-rnn: 1024
        version: v1.9.0
        """;

    private readonly IReadOnlyList<string> _rows;

    /// <param name="rows">The pieces in the order of Marian's rows.</param>
    /// <param name="options">The model's options; null for Marian's with one embedding.</param>
    public MarianFiles(IReadOnlyList<string> rows, ModelOptions? options = null)
    {
        _rows = rows;
        Subwords = new Vocabulary(rows.Where(piece => piece is not ("<s>" or "<pad>" or "</s>" or "<unk>")));
        Model = new Transformer(options ?? Shape, Subwords.Count, Vocabulary.Pad, seed: 5);
        using var noGradient = no_grad();
        foreach (var (_, parameter) in Model.named_parameters().Where(entry => entry.parameter.dim() == 1))
        {
            parameter.add_(randn(parameter.shape).mul(tensor(0.2f)), HeldScalars.One);
        }

        Model.Embeddings.OutputBias![Vocabulary.Pad].fill_(float.NegativeInfinity);
        if (!rows.Contains("<s>"))
        {
            Model.Embeddings.OutputBias![Vocabulary.Bos].fill_(float.NegativeInfinity);
            Model.Embeddings.Target[Vocabulary.Bos].zero_();
        }
    }

    public static ModelOptions Shape =>
        SmallModel.Options(ResidualVariant.PostLn) with
        {
            Activation = Activation.Swish,
            OutputBias = true,
            ZeroStart = true,
            Positions = PositionFormula.Marian,
            MaxPositions = 1024,
        };

    public static SentencePieceModel Pieces { get; } =
        SentencePieceModel.Load(Path.Combine(GoldenFolder.Path, "sentencepiece", "unigram.model"));

    /// <summary>SentencePiece's own numbers.</summary>
    public static IReadOnlyList<string> PieceNames => [.. Pieces.Pieces.Select(piece => piece.Text)];

    public Vocabulary Subwords { get; }

    public Transformer Model { get; }

    /// <summary>Marian's tensors: those of embeddings in the order of its rows.</summary>
    public IReadOnlyList<(string Name, long[] Shape, float[] Values)> Tensors()
    {
        using var scope = NewDisposeScope();
        return [.. MarianWriter.Tensors(Model).Select(tensor => Of(tensor.Name, InRows(tensor.Name, tensor.Values)))];
    }

    /// <summary>Writes an <c>.npz</c> as NumPy does.</summary>
    public void WriteNpz(string path, string? yaml = null, Func<string, string>? type = null)
    {
        using var stream = File.Create(path);
        using var archive = new ZipArchive(stream, ZipArchiveMode.Create);
        foreach (var (name, shape, values) in Tensors())
        {
            Write(archive, name, type?.Invoke(name) ?? "<f4", shape, MemoryMarshal.AsBytes(values.AsSpan()));
        }

        var options = Encoding.UTF8.GetBytes(yaml ?? OptionsOf(_rows.Count, _rows.Count));
        Write(archive, "special:model.yml", "|i1", [options.Length], options);
    }

    /// <summary>The options of a model with this many rows.</summary>
    public static string OptionsOf(int source, int target) =>
        Options
            .Replace("{0}", $"{source}", StringComparison.Ordinal)
            .Replace("{1}", $"{target}", StringComparison.Ordinal);

    /// <summary>Writes the model with a target's embedding of its own, of this many rows of zeros and a bias.</summary>
    public void WriteSeparate(string path, int targetRows)
    {
        using var stream = File.Create(path);
        using var archive = new ZipArchive(stream, ZipArchiveMode.Create);
        foreach (var (name, shape, values) in Tensors())
        {
            var (rows, of) = name switch
            {
                "decoder_Wemb" => ([targetRows, shape[1]], new float[targetRows * shape[1]]),
                "decoder_ff_logit_out_b" => ([1, targetRows], new float[targetRows]),
                _ => (shape, values),
            };
            Write(archive, name, "<f4", rows, MemoryMarshal.AsBytes(of.AsSpan()));
        }

        var yaml = OptionsOf(_rows.Count, targetRows)
            .Replace("tied-embeddings: false", "tied-embeddings: true", StringComparison.Ordinal)
            .Replace("tied-embeddings-all: true", "tied-embeddings-all: false", StringComparison.Ordinal);
        Write(archive, "special:model.yml", "|i1", [yaml.Length], Encoding.UTF8.GetBytes(yaml));
    }

    /// <summary>A tensor of ours in the order of Marian's rows.</summary>
    public Tensor InRows(string name, Tensor values)
    {
        if (
            name
            is not (
                "Wemb"
                or "encoder_Wemb"
                or "decoder_ff_logit_out_b"
                or "model.shared.weight"
                or "final_logits_bias"
            )
        )
        {
            return values;
        }

        var ids = tensor(_rows.Select(piece => (long)IdOf(piece)).ToArray());
        return values.dim() == 2 && values.shape[0] == 1 ? values.index_select(1, ids) : values.index_select(0, ids);
    }

    private int IdOf(string piece) =>
        piece switch
        {
            "<s>" => Vocabulary.Bos,
            "<pad>" => Vocabulary.Pad,
            "</s>" => Vocabulary.EndOfSentence,
            "<unk>" => Vocabulary.Unknown,
            _ => Subwords.IdOf(piece),
        };

    private static (string, long[], float[]) Of(string name, Tensor values) =>
        (name, values.shape, values.contiguous().data<float>().ToArray());

    private static void Write(ZipArchive archive, string name, string type, long[] shape, ReadOnlySpan<byte> data)
    {
        using var stream = archive.CreateEntry(name + ".npy", CompressionLevel.NoCompression).Open();
        var sizes = string.Concat(shape.Select(size => $"{size}, "));
        var header = $"{{'descr': '{type}', 'fortran_order': False, 'shape': ({sizes}), }}";
        var padded = header.PadRight(((header.Length + 11 + 63) / 64 * 64) - 11) + "\n";
        stream.Write([0x93, .. "NUMPY"u8, 1, 0, (byte)padded.Length, (byte)(padded.Length >> 8)]);
        stream.Write(Encoding.ASCII.GetBytes(padded));
        stream.Write(data);
    }
}
