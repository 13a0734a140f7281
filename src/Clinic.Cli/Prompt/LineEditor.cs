using System.Globalization;
using System.Text;

namespace TransformerClinic.Cli.Prompt;

/// <summary>What a key did.</summary>
internal enum KeyEffect
{
    /// <summary>The line may look different.</summary>
    Edited,

    /// <summary>The line is complete.</summary>
    Entered,

    /// <summary>The input has ended.</summary>
    Ended,
}

/// <summary>
/// A line being typed: arrows, Home, End, Delete, by words with Ctrl, and earlier lines with arrow up and down. Ctrl-A,
/// E, B, F, K, U, W and D do what they do in a shell. The cursor moves over whole characters as a reader sees them.
/// </summary>
internal sealed class LineEditor
{
    private readonly List<string> _history = [];
    private readonly StringBuilder _line = new();
    private string _draft = "";
    private int _at;

    /// <summary>The line so far.</summary>
    public string Text => _line.ToString();

    /// <summary>Where the next character goes, from 0 to the length of <see cref="Text"/>.</summary>
    public int Cursor { get; private set; }

    /// <summary>Starts an empty line.</summary>
    public void Begin()
    {
        Replace("");
        _at = _history.Count;
    }

    /// <summary>Handles a key.</summary>
    public KeyEffect Press(ConsoleKeyInfo key)
    {
        var control = key.Modifiers.HasFlag(ConsoleModifiers.Control);
        switch (key.Key)
        {
            case ConsoleKey.Enter:
                return Enter();
            case ConsoleKey.C when control:
            case ConsoleKey.D when control && _line.Length == 0:
                return KeyEffect.Ended;
            case ConsoleKey.LeftArrow:
            case ConsoleKey.B when control:
                Cursor = control && key.Key == ConsoleKey.LeftArrow ? WordBefore() : CharacterBefore();
                break;
            case ConsoleKey.RightArrow:
            case ConsoleKey.F when control:
                Cursor = control && key.Key == ConsoleKey.RightArrow ? WordAfter() : CharacterAfter();
                break;
            case ConsoleKey.Home:
            case ConsoleKey.A when control:
                Cursor = 0;
                break;
            case ConsoleKey.End:
            case ConsoleKey.E when control:
                Cursor = _line.Length;
                break;
            case ConsoleKey.UpArrow:
                Recall(_at - 1);
                break;
            case ConsoleKey.DownArrow:
                Recall(_at + 1);
                break;
            case ConsoleKey.Backspace:
                Remove(control ? WordBefore() : CharacterBefore(), Cursor);
                break;
            case ConsoleKey.W when control:
                Remove(WordBefore(), Cursor);
                break;
            case ConsoleKey.Delete:
            case ConsoleKey.D when control:
                Remove(Cursor, CharacterAfter());
                break;
            case ConsoleKey.K when control:
                Remove(Cursor, _line.Length);
                break;
            case ConsoleKey.U when control:
                Remove(0, Cursor);
                break;
            default:
                Insert(key.KeyChar == '\t' ? ' ' : key.KeyChar);
                break;
        }

        return KeyEffect.Edited;
    }

    private KeyEffect Enter()
    {
        if (_line.Length > 0 && (_history.Count == 0 || _history[^1] != Text))
        {
            _history.Add(Text);
        }

        return KeyEffect.Entered;
    }

    private void Insert(char character)
    {
        if (!char.IsControl(character))
        {
            _line.Insert(Cursor++, character);
        }
    }

    private void Remove(int from, int to)
    {
        _line.Remove(from, to - from);
        Cursor = from;
    }

    private void Replace(string text)
    {
        _line.Clear().Append(text);
        Cursor = text.Length;
    }

    private void Recall(int place)
    {
        if (place < 0 || place > _history.Count)
        {
            return;
        }

        _draft = _at == _history.Count ? Text : _draft;
        _at = place;
        Replace(place == _history.Count ? _draft : _history[place]);
    }

    private int CharacterAfter() => Cursor + StringInfo.GetNextTextElementLength(Text, Cursor);

    private int CharacterBefore() => StringInfo.ParseCombiningCharacters(Text).LastOrDefault(start => start < Cursor);

    private int WordBefore()
    {
        var at = Cursor;
        while (at > 0 && char.IsWhiteSpace(_line[at - 1]))
        {
            at--;
        }

        while (at > 0 && !char.IsWhiteSpace(_line[at - 1]))
        {
            at--;
        }

        return at;
    }

    private int WordAfter()
    {
        var at = Cursor;
        while (at < _line.Length && char.IsWhiteSpace(_line[at]))
        {
            at++;
        }

        while (at < _line.Length && !char.IsWhiteSpace(_line[at]))
        {
            at++;
        }

        return at;
    }
}
