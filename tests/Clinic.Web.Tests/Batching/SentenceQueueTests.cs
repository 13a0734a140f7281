using TransformerClinic.Decoding;
using TransformerClinic.Web.Batching;
using TransformerClinic.Web.Models;

namespace TransformerClinic.Web.Tests.Batching;

public sealed class SentenceQueueTests(ServedModelFixture fixture) : IDisposable
{
    private readonly ServedModel _model = ServedModel.Load(Path.Combine(fixture.Models, "tiny"), "tiny");
    private readonly Dictionary<SentenceJob, string> _names = [];
    private readonly SentenceQueue _queue = new(capacity: 1000, workers: 1);

    [Fact]
    public void Requests_take_turns_within_a_batch_and_between_batches()
    {
        using var queue = new SentenceQueue(capacity: 1000, workers: 2);
        Assert.NotNull(queue.TryAdd(Jobs("a", 4), isBulk: true));
        Assert.NotNull(queue.TryAdd(Jobs("b", 2), isBulk: true));

        Assert.Equal(["a0", "b0", "a1"], Names(queue.Take(out _)));
        Assert.Equal(["b1", "a2"], Names(queue.Take(out _)));
        Assert.Equal(["a3"], Names(queue.Take(out _)));
    }

    [Fact]
    public void A_small_request_overtakes_a_large_one_which_still_gets_every_fourth_batch()
    {
        using var queue = new SentenceQueue(capacity: 100_000, workers: 50);
        Assert.NotNull(queue.TryAdd(Jobs("large", 500), isBulk: true));
        Assert.NotNull(queue.TryAdd(Jobs("small", 9), isBulk: false));

        var kinds = Enumerable.Range(0, 12).Select(number => Names(queue.Take(out _))[0][0]);

        Assert.Equal("ssslssslsssl", string.Concat(kinds));
    }

    [Fact]
    public void A_batch_has_sentences_of_like_length_but_begins_with_the_one_whose_turn_it_is()
    {
        var sentences = new[] { "Datei", string.Join(' ', Enumerable.Repeat("Dokument", 60)), "Welt" };
        Assert.NotNull(_queue.TryAdd([.. sentences.Select(Job)], isBulk: false));

        Assert.Equal([sentences[0], sentences[2]], Names(_queue.Take(out _)));
        Assert.Equal([sentences[1]], Names(_queue.Take(out _)));
    }

    [Fact]
    public void A_sentence_of_another_length_keeps_its_place_in_line()
    {
        using var queue = new SentenceQueue(capacity: 1000, workers: 3);
        var other = string.Join(' ', Enumerable.Repeat("Dokument", 60));
        foreach (var text in new[] { "eins", other, "zwei", "drei", "vier", "neun" })
        {
            Assert.NotNull(queue.TryAdd([Job(text)], isBulk: false));
        }

        Assert.Equal(["eins", "zwei"], Names(queue.Take(out _)));
        Assert.Equal([other], Names(queue.Take(out _)));
    }

    [Fact]
    public void Sentences_that_are_searched_otherwise_are_in_another_batch()
    {
        var greedy = Job("eins", new SearchSettings { Beam = 1 });
        Assert.NotNull(_queue.TryAdd([Job("zwei"), greedy, Job("drei")], isBulk: false));

        Assert.Equal(["zwei", "drei"], Names(_queue.Take(out _)));
        Assert.Equal(["eins"], Names(_queue.Take(out _)));
    }

    [Fact]
    public void A_request_that_does_not_fit_is_refused_whole_unless_nothing_else_waits()
    {
        using var queue = new SentenceQueue(capacity: 20, workers: 1);
        Assert.NotNull(queue.TryAdd(Jobs("much", 30), isBulk: true));
        var tokens = queue.Tokens;
        Assert.True(tokens > 20);

        Assert.Null(queue.TryAdd(Jobs("more", 1), isBulk: false));
        Assert.Equal(tokens, queue.Tokens);

        while (queue.Tokens > 0)
        {
            Assert.NotNull(queue.Take(out _));
        }

        Assert.NotNull(queue.TryAdd(Jobs("more", 1), isBulk: false));
    }

    [Fact]
    public async Task Whoever_waits_for_room_is_told_when_a_batch_was_taken()
    {
        Assert.NotNull(_queue.TryAdd(Jobs("a", 3), isBulk: true));
        var room = _queue.WaitForRoomAsync(CancellationToken.None);
        Assert.False(room.IsCompleted);

        Assert.NotNull(_queue.Take(out _));

        await room.WaitAsync(TimeSpan.FromSeconds(30), TestContext.Current.CancellationToken);
    }

    [Fact]
    public async Task What_is_taken_back_frees_its_place_and_is_canceled()
    {
        var jobs = Jobs("a", 3);
        var lane = _queue.TryAdd(jobs, isBulk: false)!;
        Assert.NotNull(_queue.TryAdd(Jobs("b", 1), isBulk: false));

        _queue.TakeBack(lane);

        Assert.Equal(["b0"], Names(_queue.Take(out _)));
        Assert.Equal(0, _queue.Tokens);
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => jobs[0].Result);
        // A second time there is nothing left to take.
        _queue.TakeBack(lane);
        Assert.Equal(0, _queue.Tokens);
    }

    [Fact]
    public void Each_worker_is_left_its_share()
    {
        using var queue = new SentenceQueue(capacity: 1000, workers: 2);
        Assert.NotNull(queue.TryAdd(Jobs("a", 5), isBulk: false));

        Assert.Equal(3, queue.Take(out _)!.Count);
        Assert.Single(queue.Take(out _)!);
    }

    [Fact]
    public void A_closed_queue_hands_out_what_waits_and_then_ends_every_worker()
    {
        using var queue = new SentenceQueue(capacity: 1000, workers: 2);
        Assert.NotNull(queue.TryAdd(Jobs("a", 2), isBulk: false));
        queue.Close();

        Assert.NotNull(queue.Take(out _));
        Assert.NotNull(queue.Take(out _));
        Assert.Null(queue.Take(out _));
        Assert.Null(queue.Take(out _));
        Assert.Throws<ObjectDisposedException>(() => queue.TryAdd(Jobs("b", 1), isBulk: false));
    }

    public void Dispose()
    {
        _queue.Dispose();
        _model.Leave();
    }

    private string[] Names(IReadOnlyList<SentenceJob>? batch) => [.. batch!.Select(job => _names[job])];

    private SentenceJob[] Jobs(string name, int count) =>
        [.. Enumerable.Range(0, count).Select(i => Named(Job("eins zwei"), $"{name}{i}"))];

    private SentenceJob Job(string text) => Job(text, SearchSettings.Default);

    private SentenceJob Job(string text, SearchSettings settings)
    {
        var translator = _model.TranslatorFor(settings);
        return Named(new SentenceJob(translator, translator.Read(new TranslationRequest(text)).Sentence!), text);
    }

    private SentenceJob Named(SentenceJob job, string name)
    {
        _names[job] = name;
        return job;
    }
}
