using TransformerClinic.Documents;
using TransformerClinic.Documents.Segments;
using TransformerClinic.Web.Batching;
using TransformerClinic.Web.Models;

namespace TransformerClinic.Web.Texts;

/// <summary>What translates segments with a model: texts of several sentences, with markup and placeholders.</summary>
internal sealed class ModelSegments(SentenceBatcher batcher, TextCutter cutter)
{
    /// <summary>A translator of segments.</summary>
    /// <param name="model">The model.</param>
    /// <param name="admission">What happens when the queue is full.</param>
    public ISegmentTranslator For(ServedModel model, Admission admission) =>
        new SegmentTranslator(
            new QueuedSentences(batcher, model, admission),
            cutter.SplitterFor(model.SourceLanguage),
            model.TargetLanguage,
            model.Bound
        );
}
