using TransformerClinic.Common;
using TransformerClinic.Comparisons;

namespace TransformerClinic.Tests.Comparisons;

public class ComparisonProgressTests
{
    [Fact]
    public void The_time_left_of_all_follows_from_length_and_time_so_far()
    {
        var now = TimeSpan.Zero;
        var console = new Heard();
        var memory = 5L << 20;
        var progress = new ComparisonProgress(console, total: 2.5, () => now, () => memory);

        // The first, of half a length, takes 10 s.
        progress.Begin("training 1 of 3", 0.5);
        progress.Work("training", "updates", 10, work => Report(work, (0, 0), (5, 5), (10, 10)));
        progress.End();

        Assert.Equal("training 1 of 3", console.What);
        // At half: 5 s left of it, and 2 lengths more at 20 s each.
        Assert.EndsWith("all trainings 45 s left", console.Said[1].Detail, StringComparison.Ordinal);
        Assert.Equal(5, progress.PeakMiB);

        // The second one is twice as slow: at half, 20 s of 40 s; then 30 s for 1 length so far.
        progress.Begin("training 2 of 3", 1);
        progress.Work("training", "updates", 10, work => Report(work, (0, 10), (5, 30)));
        Assert.EndsWith("all trainings 50 s left", console.Said[^1].Detail, StringComparison.Ordinal);

        int Report(IProgress<WorkDone> work, params (double Done, double At)[] reports)
        {
            foreach (var (done, at) in reports)
            {
                now = TimeSpan.FromSeconds(at);
                work.Report(new WorkDone(done, "loss 3.21"));
            }

            return 0;
        }
    }

    private sealed class Heard : IRunConsole, IProgress<WorkDone>
    {
        public string What { get; private set; } = "";

        public List<WorkDone> Said { get; } = [];

        public void Say(string line) { }

        public T Work<T>(string what, string unit, double total, Func<IProgress<WorkDone>, T> work)
        {
            What = what;
            return work(this);
        }

        public void Report(WorkDone value) => Said.Add(value);
    }
}
