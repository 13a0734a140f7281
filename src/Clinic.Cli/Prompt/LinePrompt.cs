using System.Globalization;
using Spectre.Console.Rendering;

namespace TransformerClinic.Cli.Prompt;

/// <summary>Prompts for lines on a terminal, each with a <see cref="LineEditor"/>; writes to standard error.</summary>
internal sealed class LinePrompt(string mark)
{
    // The width of terminals that do not report one.
    private const int UsualWidth = 80;

    private readonly LineEditor _editor = new();

    /// <summary>Whether there is a terminal for typing and for showing the line.</summary>
    public static bool IsPossible =>
        !Console.IsInputRedirected
        && !Console.IsErrorRedirected
        && Environment.GetEnvironmentVariable("TERM") != "dumb";

    /// <summary>The typed lines, until Ctrl-D on an empty line or Ctrl-C.</summary>
    public IEnumerable<string> Lines()
    {
        while (Next() is { } line)
        {
            yield return line;
        }
    }

    private string? Next()
    {
        _editor.Begin();
        Console.TreatControlCAsInput = true;
        try
        {
            while (true)
            {
                Show();
                var effect = _editor.Press(Console.ReadKey(intercept: true));
                if (effect != KeyEffect.Edited)
                {
                    Show();
                    Console.Error.WriteLine();
                    return effect == KeyEffect.Entered ? _editor.Text : null;
                }
            }
        }
        finally
        {
            // While a line is translated, Ctrl-C stops the command again.
            Console.TreatControlCAsInput = false;
        }
    }

    /// <summary>Draws the part of the line around the cursor that fits the terminal.</summary>
    private void Show()
    {
        var window = Console.WindowWidth > 0 ? Console.WindowWidth : UsualWidth;
        var room = Math.Max(window - Width(mark) - 1, 1);
        var (before, after) = (_editor.Text[.._editor.Cursor], _editor.Text[_editor.Cursor..]);
        while (Width(before) > room)
        {
            before = before[StringInfo.GetNextTextElementLength(before)..];
        }

        while (Width(before) + Width(after) > room)
        {
            after = after[..^1];
        }

        var back = Width(after) == 0 ? "" : FormattableString.Invariant($"\u001b[{Width(after)}D");
        Console.Error.Write($"\r{mark}{before}{after}\u001b[K{back}");
    }

    private static int Width(string text) => new Segment(text).CellCount();
}
