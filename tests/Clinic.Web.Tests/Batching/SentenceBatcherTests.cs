using Microsoft.Extensions.DependencyInjection;
using TransformerClinic.Decoding;
using TransformerClinic.Web.Batching;
using TransformerClinic.Web.Models;
using TransformerClinic.Web.Operation;

namespace TransformerClinic.Web.Tests.Batching;

public class SentenceBatcherTests(ServedModelFixture fixture)
{
    private static readonly string[] Words = ["Datei", "Welt", "Dokument", "Guten", "Morgen", "schön", "eins", "zwei"];

    [Fact]
    public async Task Whoever_else_asks_every_answer_is_the_command_s()
    {
        await using var service = await fixture.StartAsync(options => options with { Threads = 2 });
        var batcher = service.Server.Services.GetRequiredService<SentenceBatcher>();
        using var lease = service.Server.Services.GetRequiredService<ModelCatalog>().Find()!;
        var random = new Random(1);
        string[] lines =
        [
            .. Enumerable.Range(0, 300).Select(_ => string.Join(' ', random.GetItems(Words, random.Next(1, 13)))),
        ];
        var requests = lines.Chunk(7).Append(lines).Select(part => part.Select(Request).ToArray()).ToList();

        var answers = await Task.WhenAll(
            requests.Select(
                (part, number) =>
                    batcher.TranslateAsync(
                        lease.Model,
                        SearchSettings.Default,
                        part,
                        number % 2 == 0 ? Admission.RefuseWhenFull : Admission.WaitForRoom,
                        CancellationToken.None
                    )
            )
        );

        var expected = lines.Distinct().ToDictionary(line => line, fixture.TranslationOf);
        Assert.True(expected.Values.Distinct().Count() > 100, "the model says too much the same");
        foreach (var (part, answer) in requests.Zip(answers))
        {
            Assert.Equal(part.Select(request => expected[request.Text]), answer.Select(found => found.Text));
        }
    }

    [Fact]
    public async Task A_client_that_leaves_frees_its_places_and_the_others_get_their_answers()
    {
        using var queue = new SentenceQueue(100_000, 1);
        using var metrics = new ServiceMetrics(queue);
        var batcher = new SentenceBatcher(queue);
        var model = ServedModel.Load(Path.Combine(fixture.Models, "tiny"), "tiny");
        using var leaves = new CancellationTokenSource();
        var left = batcher.TranslateAsync(
            model,
            SearchSettings.Default,
            [.. Enumerable.Repeat(Request("eins zwei drei"), 500)],
            Admission.RefuseWhenFull,
            leaves.Token
        );
        var stays = batcher.TranslateAsync(
            model,
            SearchSettings.Default,
            [Request("vier fünf")],
            Admission.RefuseWhenFull,
            CancellationToken.None
        );

        await leaves.CancelAsync();

        // Nothing of the first is left to be translated: the only batch is the other client's sentence.
        using (new BatchWorkers(queue, metrics, 1))
        {
            Assert.Equal(fixture.TranslationOf("vier fünf"), (await stays)[0].Text);
        }

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => left);
        model.Leave();
    }

    [Fact]
    public async Task A_full_queue_refuses_who_waits_in_front_of_a_screen_and_lets_a_document_wait()
    {
        using var queue = new SentenceQueue(40, 1);
        using var metrics = new ServiceMetrics(queue);
        var batcher = new SentenceBatcher(queue);
        var model = ServedModel.Load(Path.Combine(fixture.Models, "tiny"), "tiny");
        Task<IReadOnlyList<Translation>> Ask(Admission admission) =>
            batcher.TranslateAsync(
                model,
                SearchSettings.Default,
                [.. Enumerable.Repeat(Request("eins zwei drei"), 10)],
                admission,
                CancellationToken.None
            );

        var first = Ask(Admission.RefuseWhenFull);
        await Assert.ThrowsAsync<QueueFullException>(() => Ask(Admission.RefuseWhenFull));
        var document = Ask(Admission.WaitForRoom);
        Assert.False(document.IsCompleted);

        using (new BatchWorkers(queue, metrics, 1))
        {
            Assert.All(
                (await first).Concat(await document),
                found => Assert.Equal(fixture.TranslationOf("eins zwei drei"), found.Text)
            );
        }

        model.Leave();
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_small_request_overtakes_a_document_in_the_middle_of_its_batch_and_no_other_small_one(
        bool isDocument
    )
    {
        using var queue = new SentenceQueue(10_000, 1);
        using var metrics = new ServiceMetrics(queue);
        var batcher = new SentenceBatcher(queue);
        var model = ServedModel.Load(Path.Combine(fixture.Models, "tiny"), "tiny");
        using var workers = new BatchWorkers(queue, metrics, 1);
        var order = new List<string>();
        async Task Ask(string name, string text, Admission admission)
        {
            var settings = SearchSettings.Default;
            await batcher.TranslateAsync(model, settings, [Request(text)], admission, CancellationToken.None);
            lock (order)
            {
                order.Add(name);
            }
        }

        var longer = string.Join(' ', Enumerable.Repeat("Dokument", 100));
        var one = Ask("long", longer, isDocument ? Admission.WaitForRoom : Admission.RefuseWhenFull);
        while (queue.Tokens > 0)
        {
            await Task.Yield();
        }

        await Task.WhenAll(one, Ask("short", "eins", Admission.RefuseWhenFull));

        Assert.Equal(isDocument ? ["short", "long"] : ["long", "short"], order);
        model.Leave();
    }

    [Fact]
    public async Task A_failure_reaches_those_who_wait_and_the_thread_lives_on()
    {
        using var queue = new SentenceQueue(1000, 1);
        using var metrics = new ServiceMetrics(queue);
        var batcher = new SentenceBatcher(queue);
        var model = ServedModel.Load(Path.Combine(fixture.Models, "tiny"), "tiny");
        using var workers = new BatchWorkers(queue, metrics, 1);
        var translator = model.TranslatorFor(SearchSettings.Default);
        // A source without its end mark and longer than the model reads is refused by the search.
        var impossible = new SentenceJob(
            translator,
            new TransformerClinic.Decoding.Search.SourceSentence(new int[9999])
        );
        Assert.NotNull(queue.TryAdd([impossible], isBulk: false));

        await Assert.ThrowsAsync<ArgumentException>(() => impossible.Result);

        var after = await batcher.TranslateAsync(
            model,
            SearchSettings.Default,
            [Request("Datei")],
            Admission.RefuseWhenFull,
            CancellationToken.None
        );
        Assert.Equal(fixture.TranslationOf("Datei"), after[0].Text);
    }

    private static TranslationRequest Request(string text) => new(text);
}
