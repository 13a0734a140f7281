using TransformerClinic.Documents;
using TransformerClinic.Documents.Segments;
using TransformerClinic.Documents.Segments.Sentences;
using TransformerClinic.Web.Batching;
using TransformerClinic.Web.Models;

namespace TransformerClinic.Web.Documents;

/// <summary>What translates segments with a model: texts of several sentences, with markup and placeholders.</summary>
internal sealed class ModelSegments(SentenceBatcher batcher)
{
    /// <summary>The share of the longest sentence that a model takes above which a sentence is split.</summary>
    private const double Bound = 0.8;

    private readonly SegmentationRules _rules = SegmentationRules.BuiltIn();

    /// <summary>A translator of segments.</summary>
    /// <param name="model">The model.</param>
    /// <param name="admission">What happens when the queue is full.</param>
    public ISegmentTranslator For(ServedModel model, Admission admission) =>
        new SegmentTranslator(
            new QueuedSentences(batcher, model, admission),
            _rules.For(model.SourceLanguage),
            model.TargetLanguage,
            new LongSentences(model.LengthOf, (int)(Bound * model.Shape.MaxPositions))
        );
}
