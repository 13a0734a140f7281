using Spectre.Console;
using Spectre.Console.Rendering;
using TransformerClinic.Common;
using TransformerClinic.Text;

namespace TransformerClinic.Cli.Output;

/// <summary>
/// Writes to standard error, so that standard output is free for results: lines, and progress with rate and time left.
/// </summary>
internal sealed class SpectreConsole(IAnsiConsole console) : IRunConsole
{
    // If lines go to a file or a pipe, the reader decides where they break.
    private const int UnboundedWidth = 10_000;

    /// <summary>On this process's standard error.</summary>
    public static SpectreConsole OnStandardError() => new(Create(Console.Error, Console.IsErrorRedirected));

    /// <summary>A console on this process's standard output, for tables.</summary>
    public static IAnsiConsole OnStandardOutput() => Create(Console.Out, Console.IsOutputRedirected);

    /// <summary>
    /// A console that breaks no lines unless it writes to a terminal, and that shows control characters instead of
    /// sending them.
    /// </summary>
    public static IAnsiConsole Create(TextWriter writer, bool redirected)
    {
        var console = AnsiConsole.Create(new AnsiConsoleSettings { Out = new AnsiConsoleOutput(writer) });
        console.Pipeline.Attach(new VisibleSegments());
        if (redirected)
        {
            console.Profile.Width = UnboundedWidth;
        }

        return console;
    }

    /// <summary>
    /// Foreign text as a cell of a table: no markup, and nothing that the terminal or the table would obey.
    /// </summary>
    public static string Cell(string text) => Markup.Escape(VisibleText.OnTerminal(text));

    /// <inheritdoc/>
    public void Say(string line) => console.WriteLine(VisibleText.OnTerminal(line));

    /// <inheritdoc/>
    public T Work<T>(string what, string unit, double total, Func<IProgress<WorkDone>, T> work)
    {
        // Without a terminal, an occasional line says the same.
        if (!console.Profile.Capabilities.Interactive || !console.Profile.Capabilities.Ansi)
        {
            return work(new LineProgress(console, what, unit, total));
        }

        return console
            .Progress()
            .AutoClear(true)
            .Columns(
                new TaskDescriptionColumn(),
                new ProgressBarColumn { Width = 24 },
                new PercentageColumn(),
                new RateColumn(unit),
                new TimeLeftColumn()
            )
            .Start(context =>
            {
                var task = context.AddTask(Markup.Escape(what), maxValue: Math.Max(total, double.Epsilon));
                task.IsIndeterminate = !double.IsFinite(total);
                return work(new BarProgress(task, what));
            });
    }

    private sealed class BarProgress(ProgressTask task, string what) : IProgress<WorkDone>
    {
        public void Report(WorkDone value)
        {
            task.Value = value.Done;
            task.State.Update<WorkDone>(nameof(WorkDone), _ => value);
            task.Description = Markup.Escape(value.Detail.Length == 0 ? what : $"{what}: {value.Detail}");
        }
    }

    private sealed class TimeLeftColumn : ProgressColumn
    {
        public override IRenderable Render(RenderOptions options, ProgressTask task, TimeSpan deltaTime)
        {
            var done = task.State.Get<WorkDone>(nameof(WorkDone));
            var left = done.Left(task.IsIndeterminate ? null : task.RemainingTime);
            var text = left is { } time ? FormattableString.Invariant($"{time:hh\\:mm\\:ss} left") : "";
            return new Spectre.Console.Text(text);
        }
    }

    private sealed class RateColumn(string unit) : ProgressColumn
    {
        public override IRenderable Render(RenderOptions options, ProgressTask task, TimeSpan deltaTime) =>
            new Spectre.Console.Text(task.Speed is { } speed ? Numbers.Speed(speed, unit) : "");
    }
}
