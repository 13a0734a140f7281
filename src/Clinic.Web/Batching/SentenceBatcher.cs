using TransformerClinic.Decoding;
using TransformerClinic.Web.Models;

namespace TransformerClinic.Web.Batching;

/// <summary>How a request's sentences wait.</summary>
internal enum Admission
{
    /// <summary>Refused if the queue is full: somebody waits in front of a screen.</summary>
    RefuseWhenFull,

    /// <summary>Waits for room: a document, a stretch at a time.</summary>
    WaitForRoom,
}

/// <summary>
/// Translates sentences of many requests at once: they wait in one queue and share batches. A translation is the same,
/// bit for bit, whoever else is in its batch.
/// </summary>
/// <param name="queue">Where they wait.</param>
internal sealed class SentenceBatcher(SentenceQueue queue)
{
    /// <summary>A request with more sentences than this is overtaken by smaller ones.</summary>
    public const int Few = 16;

    /// <summary>A translation for every sentence, in their order.</summary>
    /// <param name="model">The model.</param>
    /// <param name="settings">How to search.</param>
    /// <param name="sentences">The sentences and what is required of their translations.</param>
    /// <param name="admission">What happens when the queue is full.</param>
    /// <param name="stop">Canceled when the client leaves or its time is over: its sentences free their places.</param>
    /// <exception cref="QueueFullException">The queue is full.</exception>
    /// <exception cref="OperationCanceledException">The token was canceled.</exception>
    public async Task<IReadOnlyList<Translation>> TranslateAsync(
        ServedModel model,
        SearchSettings settings,
        IReadOnlyList<TranslationRequest> sentences,
        Admission admission,
        CancellationToken stop
    ) => await Task.WhenAll(await StartAsync(model, settings, sentences, admission, stop));

    /// <summary>The same, each translation as a task of its own, for whoever wants to hand on the first before the
    /// last.</summary>
    /// <inheritdoc cref="TranslateAsync"/>
    public async Task<IReadOnlyList<Task<Translation>>> StartAsync(
        ServedModel model,
        SearchSettings settings,
        IReadOnlyList<TranslationRequest> sentences,
        Admission admission,
        CancellationToken stop
    )
    {
        stop.ThrowIfCancellationRequested();
        var translator = model.TranslatorFor(settings);
        var results = new Task<Translation>[sentences.Count];
        var jobs = new List<SentenceJob>();
        for (var i = 0; i < results.Length; i++)
        {
            var (sentence, problem) = translator.Read(sentences[i]);
            if (sentence is null)
            {
                results[i] = Task.FromResult(new Translation("", [], problem));
                continue;
            }

            jobs.Add(new SentenceJob(translator, sentence with { GiveUp = stop }));
            results[i] = jobs[^1].Result;
        }

        if (jobs.Count > 0)
        {
            var lane = await Enter(jobs, admission, stop);
            var registration = stop.UnsafeRegister(_ => queue.TakeBack(lane), null);
            _ = Task.WhenAll(jobs.Select(job => job.Result))
                .ContinueWith(_ => registration.Unregister(), TaskScheduler.Default);
        }

        return results;
    }

    private async Task<Lane> Enter(List<SentenceJob> jobs, Admission admission, CancellationToken stop)
    {
        var isBulk = admission == Admission.WaitForRoom || jobs.Count > Few;
        while (true)
        {
            if (queue.TryAdd(jobs, isBulk) is { } lane)
            {
                return lane;
            }

            if (admission == Admission.RefuseWhenFull)
            {
                throw new QueueFullException();
            }

            await queue.WaitForRoomAsync(stop);
        }
    }
}
