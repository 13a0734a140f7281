using System.Diagnostics;
using TransformerClinic.Decoding;
using TransformerClinic.Decoding.Search;

namespace TransformerClinic.Web.Batching;

/// <summary>A sentence that waits for its translation.</summary>
/// <param name="translator">What translates it; sentences of one batch have the same.</param>
/// <param name="sentence">The sentence.</param>
internal sealed class SentenceJob(BatchTranslator translator, SourceSentence sentence)
{
    private readonly TaskCompletionSource<Translation> _result = new(
        TaskCreationOptions.RunContinuationsAsynchronously
    );

    /// <summary>What translates it.</summary>
    public BatchTranslator Translator => translator;

    /// <summary>The sentence.</summary>
    public SourceSentence Sentence => sentence;

    /// <summary>Its subwords, the end mark included.</summary>
    public int Length => sentence.Tokens.Length;

    /// <summary>When it was made, by <see cref="Stopwatch.GetTimestamp"/>.</summary>
    public long Since { get; } = Stopwatch.GetTimestamp();

    /// <summary>Its translation, when there is one.</summary>
    public Task<Translation> Result => _result.Task;

    /// <summary>Ends the wait: with the translation, or without one because nobody waits any more.</summary>
    public void Finish(Translation? translation)
    {
        if (translation is null)
        {
            _result.TrySetCanceled(sentence.GiveUp);
        }
        else
        {
            _result.TrySetResult(translation);
        }
    }

    /// <summary>Ends the wait with a failure.</summary>
    public void Fail(Exception failure) => _result.TrySetException(failure);
}
