using TransformerClinic.Data;
using TransformerClinic.Decoding;
using TransformerClinic.Interop.Onnx;
using TransformerClinic.Model;
using TransformerClinic.Text;
using static TorchSharp.torch;

namespace TransformerClinic.Workflows.Exports;

/// <summary>Exported graphs, computed by ONNX Runtime.</summary>
/// <param name="model">The graphs; owned.</param>
internal sealed class OnnxExportedModel(OnnxRuntimeModel model) : ExportedModel, IDecodingModel
{
    /// <summary>A model's graphs, made in memory.</summary>
    public static OnnxExportedModel Of(Transformer model, bool int8)
    {
        using var noGradient = no_grad();
        return new OnnxExportedModel(
            new OnnxRuntimeModel(
                OnnxFile.Bytes(OnnxEncoder.Of(model, int8)),
                OnnxFile.Bytes(OnnxDecoder.Of(model, int8))
            )
        );
    }

    /// <inheritdoc/>
    public override string Client => $"ONNX Runtime {OnnxRuntimeModel.RuntimeVersion}";

    /// <inheritdoc/>
    public override IDecodingModel Decoding => this;

    /// <inheritdoc/>
    public IIncrementalDecoder Start(IReadOnlyList<int[]> sources)
    {
        var width = sources.Max(source => source.Length);
        long[] ids = [.. sources.SelectMany(source => Padded(source, width))];
        return new Steps(model, Encode(ids, sources.Count));
    }

    /// <inheritdoc/>
    public override Tensor Logits(Batch batch)
    {
        using var scope = NewDisposeScope();
        using var cache = Encode(batch.Source, batch.Size);
        using var found = model.Decode(batch.PreviousOutput, cache);
        long[] real =
        [
            .. batch.Target.Index().Where(token => token.Item != Vocabulary.Pad).Select(token => token.Index),
        ];
        return tensor(found.Values).view(-1, found.Shape[2]).index_select(0, tensor(real)).MoveToOuterDisposeScope();
    }

    /// <inheritdoc/>
    public override void Dispose() => model.Dispose();

    private OnnxCache Encode(long[] ids, int rows) =>
        model.Encode(ids, Array.ConvertAll(ids, id => id == Vocabulary.Pad ? 0L : 1L), rows);

    private static IEnumerable<long> Padded(int[] source, int width) =>
        source.Select(id => (long)id).Concat(Enumerable.Repeat((long)Vocabulary.Pad, width - source.Length));

    private sealed class Steps(OnnxRuntimeModel model, OnnxCache cache) : IIncrementalDecoder
    {
        private int _hypotheses = 1;

        /// <inheritdoc/>
        public Tensor Logits(int[] tokens, int hypotheses)
        {
            using var found = model.Decode(Array.ConvertAll(tokens, token => (long)token), cache);
            return tensor(found.Values, [tokens.Length / hypotheses, hypotheses, found.Shape[2]]);
        }

        /// <inheritdoc/>
        public void KeepSources(int[] sources) =>
            cache.Keep([.. sources.SelectMany(source => Enumerable.Range(source * _hypotheses, _hypotheses))]);

        /// <inheritdoc/>
        public void Reorder(int[] parents)
        {
            var hypotheses = parents.Length * _hypotheses / cache.Rows;
            cache.Keep([.. parents.Select((parent, row) => (row / hypotheses * _hypotheses) + parent)]);
            _hypotheses = hypotheses;
        }

        /// <inheritdoc/>
        public void Dispose() => cache.Dispose();
    }
}
