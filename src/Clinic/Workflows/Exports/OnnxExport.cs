using TransformerClinic.Files;
using TransformerClinic.Interop.HuggingFace;
using TransformerClinic.Interop.Onnx;
using TransformerClinic.Model;
using TransformerClinic.Runs;
using TransformerClinic.Text;
using static TorchSharp.torch;

namespace TransformerClinic.Workflows.Exports;

/// <summary>
/// ONNX graphs of encoder and decoder with the tokenizer, in the layout that transformers.js opens. A graph holds every
/// equation, so nothing is folded.
/// </summary>
/// <param name="int8">Whether graphs with int8 matrices are written, too.</param>
internal sealed class OnnxExport(bool int8) : ModelExport
{
    /// <summary>Names of all files that such an export may contain.</summary>
    public static readonly IReadOnlyList<string> AllFiles =
    [
        Encoder(int8: false),
        Encoder(int8: true),
        Decoder(int8: false),
        Decoder(int8: true),
        .. HuggingFaceFiles.All,
    ];

    /// <inheritdoc/>
    public override bool Folds => false;

    /// <inheritdoc/>
    protected override IReadOnlyList<string> Files(ModelConfig config) => AllFiles;

    /// <inheritdoc/>
    public override string? Obstacle(Transformer model) =>
        SublayerAddress
            .AllOf(model)
            .Select(entry => OnnxConnection.Obstacle(entry.Address.ToString(), entry.Sublayer.Residual))
            .FirstOrDefault(obstacle => obstacle is not null);

    /// <inheritdoc/>
    public override void Write(string folder, ModelConfig config, BytePairModel subwords, Transformer model)
    {
        WriteGraphs(folder, model, int8);
        HuggingFaceFiles.Write(folder, config, subwords, model, HuggingFaceClass.Marian);
    }

    /// <inheritdoc/>
    public override ExportedModel Open(string folder, ModelConfig config, Transformer model) =>
        Open(folder, int8: false);

    /// <inheritdoc/>
    public override ExportedModel? OpenInt8(string folder, Transformer model) => int8 ? Open(folder, int8: true) : null;

    /// <summary>Writes the graphs in float32, and in int8 if asked for.</summary>
    public static void WriteGraphs(string folder, Transformer model, bool int8)
    {
        using var noGradient = no_grad();
        Directory.CreateDirectory(Path.Combine(folder, "onnx"));
        foreach (var quantized in int8 ? new[] { false, true } : [false])
        {
            Write(Path.Combine(folder, Encoder(quantized)), OnnxEncoder.Of(model, quantized));
            Write(Path.Combine(folder, Decoder(quantized)), OnnxDecoder.Of(model, quantized));
        }
    }

    /// <summary>Opens graphs that were written.</summary>
    public static ExportedModel Open(string folder, bool int8) =>
        new OnnxExportedModel(
            new OnnxRuntimeModel(
                File.ReadAllBytes(Path.Combine(folder, Encoder(int8))),
                File.ReadAllBytes(Path.Combine(folder, Decoder(int8)))
            )
        );

    private static string Encoder(bool int8) => $"onnx/encoder_model{Suffix(int8)}.onnx";

    private static string Decoder(bool int8) => $"onnx/decoder_model_merged{Suffix(int8)}.onnx";

    // What transformers.js appends for the type "q8".
    private static string Suffix(bool int8) => int8 ? "_quantized" : "";

    private static void Write(string path, OnnxGraph graph) =>
        AtomicFile.Write(path, stream => OnnxFile.Write(stream, graph));
}
