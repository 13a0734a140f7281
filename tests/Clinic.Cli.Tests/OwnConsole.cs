using System.Text;

namespace TransformerClinic.Cli.Tests;

/// <summary>
/// Standard output or standard error of whoever captures it: what a test writes, and what the threads write that it
/// starts, goes to that test; everything else to where it went before.
/// </summary>
internal sealed class OwnConsole : TextWriter
{
    private readonly AsyncLocal<CapturedText?> _captured = new();
    private readonly TextWriter _outside;

    private OwnConsole(TextWriter outside, Action<TextWriter> install)
    {
        _outside = outside;
        install(this);
    }

    /// <summary>Standard output.</summary>
    public static OwnConsole Output { get; } = new(Console.Out, Console.SetOut);

    /// <summary>Standard error.</summary>
    public static OwnConsole Error { get; } = new(Console.Error, Console.SetError);

    public override Encoding Encoding => _outside.Encoding;

    private TextWriter Current => _captured.Value is { } captured ? captured.Writer : _outside;

    /// <summary>Receives what is written from here on, until it is disposed.</summary>
    public CapturedText Capture() => _captured.Value = new CapturedText(() => _captured.Value = null);

    public override void Write(char value) => Current.Write(value);

    public override void Write(char[] buffer, int index, int count) => Current.Write(buffer, index, count);

    public override void Write(ReadOnlySpan<char> buffer) => Current.Write(buffer);

    public override void Write(string? value) => Current.Write(value);

    public override void WriteLine(string? value) => Current.WriteLine(value);

    public override void Flush() => Current.Flush();

    /// <summary>What was written.</summary>
    internal sealed class CapturedText(Action release) : IDisposable
    {
        private readonly StringWriter _text = new();

        /// <summary>Where to write. The console that is above it lets one thread write at a time.</summary>
        public TextWriter Writer => _text;

        public string Text => _text.ToString();

        public void Dispose()
        {
            release();
            _text.Dispose();
        }
    }
}
