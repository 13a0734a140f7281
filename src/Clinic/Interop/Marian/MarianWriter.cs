using System.Buffers.Binary;
using System.Globalization;
using System.Runtime.InteropServices;
using System.Text;
using TransformerClinic.Common;
using TransformerClinic.Model;
using static TorchSharp.torch;

namespace TransformerClinic.Interop.Marian;

/// <summary>
/// Writes a model in Marian's own format (<c>.bin</c>), so that Marian computes the same. Its ids stay, so its
/// vocabulary there is the SentencePiece model of its subwords.
/// </summary>
internal static class MarianWriter
{
    private const int Alignment = 256;
    private const ulong FloatType = 0x404;
    private const ulong ByteType = 0x101;

    /// <summary>Why Marian cannot hold a model, in words; null if it can.</summary>
    public static string? Obstacle(Transformer model)
    {
        var options = model.Options;
        var (encoder, decoder) = PlainStacks.Of(model);
        return encoder is null || decoder is null ? "Marian has Post-LN and Pre-LN only: fold the model first"
            : options.Encoder.InputScale || options.Decoder.InputScale ? "Marian has no scale of a stack's input"
            : encoder != decoder ? "Marian has one variant for both stacks"
            : !options.ZeroStart ? "Marian's decoder starts from zero (model.zeroStart)"
            : options.Positions != PositionFormula.Marian ? "Marian's positions begin at 0 (model.positions)"
            : options.Activation == Activation.Gelu ? "Marian's gelu is another function (model.activation)"
            : null;
    }

    /// <summary>Writes a model.</summary>
    /// <exception cref="UserErrorException">Marian cannot hold it.</exception>
    public static void Write(Stream stream, Transformer model)
    {
        if (Obstacle(model) is { } obstacle)
        {
            throw new UserErrorException($"Marian cannot hold this model: {obstacle}.");
        }

        using var scope = NewDisposeScope();
        using var noGradient = no_grad();
        (string Name, int[] Shape, ulong Type, byte[] Data)[] items =
        [
            Options(model),
            .. Tensors(model)
                .Select(tensor =>
                    (
                        tensor.Name,
                        tensor.Values.shape.Select(size => (int)size).ToArray(),
                        FloatType,
                        Bytes(tensor.Values)
                    )
                ),
        ];
        Write(stream, items);
    }

    /// <summary>Marian's tensors of a model, in its layout.</summary>
    public static IEnumerable<(string Name, Tensor Values)> Tensors(Transformer model)
    {
        var isPreLn = PlainStacks.ArePreLn(model);
        foreach (var (name, parameter) in model.named_parameters())
        {
            var values = parameter.detach().to(ScalarType.Float32).cpu();
            if (name.Split('.') is ["embeddings", var which])
            {
                yield return which switch
                {
                    "shared" => (MarianNames.Shared, values),
                    "source" => (MarianNames.Source, values),
                    "target" => (MarianNames.Target, values),
                    "output" => (MarianNames.Output, values),
                    _ => (MarianNames.OutputBias, values.unsqueeze(0)),
                };
                continue;
            }

            var names = MarianNames.OfParameter(name, isPreLn);
            foreach (var (part, rows) in names.Zip(values.chunk(names.Count)))
            {
                yield return (part, rows.dim() == 2 ? rows.t().contiguous() : rows.unsqueeze(0).contiguous());
            }
        }
    }

    private static (string Name, int[] Shape, ulong Type, byte[] Data) Options(Transformer model)
    {
        var text = Encoding.UTF8.GetBytes(Yaml(model) + "\0");
        return (IMarianFile.OptionsName, [text.Length], ByteType, text);
    }

    private static string Yaml(Transformer model)
    {
        var options = model.Options;
        var isPreLn = PlainStacks.ArePreLn(model);
        string Flag(bool value) => value ? "true" : "false";
        return string.Create(
            CultureInfo.InvariantCulture,
            $"""
            type: transformer
            dim-emb: {options.Dim}
            dim-vocabs:
              - {model.Vocabulary}
              - {model.Vocabulary}
            enc-depth: {options.Encoder.Layers}
            dec-depth: {options.Decoder.Layers}
            tied-embeddings: {Flag(options.SharedEmbeddings == EmbeddingSharing.Decoder)}
            tied-embeddings-all: {Flag(options.SharedEmbeddings == EmbeddingSharing.All)}
            tied-embeddings-src: false
            output-omit-bias: {Flag(!options.OutputBias)}
            transformer-heads: {options.Heads}
            transformer-dim-ffn: {options.FeedForwardDim}
            transformer-ffn-depth: 2
            transformer-ffn-activation: {(options.Activation == Activation.Relu ? "relu" : "swish")}
            transformer-preprocess: "{(isPreLn ? "n" : "")}"
            transformer-postprocess: {(isPreLn ? "da" : "dan")}
            transformer-postprocess-emb: d
            transformer-postprocess-top: "{(isPreLn ? "n" : "")}"
            transformer-decoder-autoreg: self-attention
            transformer-no-projection: false
            transformer-pool: false
            transformer-tied-layers:
              []
            transformer-train-position-embeddings: false
            transformer-aan-activation: swish
            transformer-aan-depth: 2
            transformer-aan-nogate: false
            transformer-dim-aan: 2048
            transformer-guided-alignment-layer: last
            right-left: false
            skip: false
            layer-normalization: false
            lemma-dim-emb: 0
            ulr: false
            ulr-dim-emb: 0
            ulr-trainable-transformation: false
            input-types:
              []
            enc-type: bidirectional
            enc-cell: gru
            enc-cell-depth: 1
            dec-cell: gru
            dec-cell-base-depth: 2
            dec-cell-high-depth: 1
            dim-rnn: 1024
            bert-train-type-embeddings: true
            bert-type-vocab-size: 2
            version: v1.9.0

            """
        );
    }

    private static void Write(Stream stream, IReadOnlyList<(string Name, int[] Shape, ulong Type, byte[] Data)> items)
    {
        using var head = new MemoryStream();
        void Number(ulong value)
        {
            Span<byte> bytes = stackalloc byte[sizeof(ulong)];
            BinaryPrimitives.WriteUInt64LittleEndian(bytes, value);
            head.Write(bytes);
        }

        Number(1);
        Number((ulong)items.Count);
        foreach (var (name, shape, type, data) in items)
        {
            Number((ulong)Encoding.UTF8.GetByteCount(name) + 1);
            Number(type);
            Number((ulong)shape.Length);
            Number((ulong)Padded(data.Length));
        }

        foreach (var item in items)
        {
            head.Write(Encoding.UTF8.GetBytes(item.Name + "\0"));
        }

        foreach (var item in items)
        {
            head.Write(MemoryMarshal.AsBytes(item.Shape.AsSpan()));
        }

        var place = head.Position + sizeof(ulong);
        var offset = Padded(place + 1) - place;
        Number((ulong)offset);
        head.Write(new byte[offset]);
        head.WriteTo(stream);
        foreach (var item in items)
        {
            stream.Write(item.Data);
            stream.Write(new byte[Padded(item.Data.Length) - item.Data.Length]);
        }
    }

    private static byte[] Bytes(Tensor values) => values.contiguous().bytes.ToArray();

    private static long Padded(long length) => (length + Alignment - 1) / Alignment * Alignment;
}
