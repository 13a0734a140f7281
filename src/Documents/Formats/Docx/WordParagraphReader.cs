using TransformerClinic.Documents.Formats.Markup;

namespace TransformerClinic.Documents.Formats.Docx;

/// <summary>
/// Reads the paragraphs of a part into pieces. It remembers open fields, which may begin in one paragraph and end in
/// another, as tables of contents do: what is inside a field is kept as it is, hyperlinks excepted.
/// </summary>
/// <param name="xml">The part.</param>
internal sealed class WordParagraphReader(XmlSource xml)
{
    // Marked stretches that are in one another; a real document has few.
    private const int MostRanges = 32;

    private static readonly string[] Containers = ["hyperlink", "ins", "moveTo", "smartTag", "customXml", "dir", "bdo"];
    private static readonly string[] Dropped = ["proofErr", "lastRenderedPageBreak", "softHyphen"];
    private static readonly string[] Controls = ["dropDownList", "comboBox", "date", "dataBinding", "checkbox"];

    private readonly List<WordItem> _items = [];
    private int _fields;
    private string _space = "";

    /// <summary>The pieces of a paragraph.</summary>
    /// <param name="paragraph">The index of its start tag.</param>
    public IReadOnlyList<WordItem> Items(int paragraph)
    {
        _items.Clear();
        _space = xml.Tokens[paragraph].Space;
        AddChildren(paragraph);
        return [.. _items];
    }

    private void AddChildren(int element)
    {
        List<int> children = [.. xml.Children(element).Where(child => !IsProperties(child))];
        AddRange(children, 0, children.Count, depth: 0);
    }

    private void AddRange(List<int> children, int from, int to, int depth)
    {
        var marks = depth < MostRanges ? EndMarks(children, from, to) : [];
        for (var i = from; i < to; i++)
        {
            var end = i;
            var inner = i;
            if (_fields == 0 && LinkField(children, i, to) is var (separator, last))
            {
                (inner, end) = (separator, last);
            }
            else if (_fields == 0 && marks.TryGetValue(MarkOf(children[i], "Start"), out var mark) && mark > i)
            {
                end = children[(i + 1)..mark].Sum(child => Fields(child).Changes) == 0 ? mark : i;
            }

            if (end > i)
            {
                AddMarkup(WordItemKind.Opening, Start(children[i]), End(children[inner]));
                AddRange(children, inner + 1, end, depth + 1);
                AddMarkup(WordItemKind.Closing, Start(children[end]), End(children[end]));
                i = end;
            }
            else
            {
                Add(children[i]);
            }
        }
    }

    /// <summary>Where marks of a stretch end: of a bookmark, a comment.</summary>
    private Dictionary<string, int> EndMarks(List<int> children, int from, int to)
    {
        var marks = new Dictionary<string, int>(StringComparer.Ordinal);
        for (var i = from; i < to; i++)
        {
            if (MarkOf(children[i], "End") is { Length: > 0 } mark)
            {
                marks[mark] = i;
            }
        }

        return marks;
    }

    /// <summary>What the beginning and the end of a marked stretch have in common; empty for all else.</summary>
    private string MarkOf(int element, string ending) =>
        NameOf(element) is var name
        && name.EndsWith(ending, StringComparison.Ordinal)
        && xml.Tokens[element].AnyAttribute("id") is { } id
            ? $"{name[..^ending.Length]} {id}"
            : "";

    private void Add(int element)
    {
        var name = NameOf(element);
        var (changes, begins) = Fields(element);
        if (_fields > 0 || (begins && (name == "r" || changes != 0)))
        {
            AddFieldPart(element, changes);
        }
        else if (name == "r")
        {
            AddRun(element);
        }
        else if (Containers.Contains(name) && xml.Tokens[element].Last > element)
        {
            AddContainer(element, element);
        }
        else if (name == "sdt" && ContentOfControl(element) is { } content)
        {
            AddContainer(element, content);
        }
        else if (!Dropped.Contains(name))
        {
            AddMarkup(WordItemKind.Alone, Start(element), End(element));
        }
    }

    /// <summary>Adds what belongs to a field: all of a field that is in one paragraph is one piece.</summary>
    private void AddFieldPart(int element, int changes)
    {
        if (_fields > 0 && _items.Count > 0 && _items[^1].Kind == WordItemKind.Alone)
        {
            _items[^1] = _items[^1] with { End = End(element) };
        }
        else
        {
            AddMarkup(WordItemKind.Alone, Start(element), End(element));
        }

        _fields = Math.Max(0, _fields + changes);
    }

    private void AddContainer(int outer, int inner)
    {
        // The properties of a container come first; they belong to its beginning.
        var first = xml.Children(inner).FirstOrDefault(child => !IsProperties(child));
        var opened = first == 0 ? xml.Tokens[xml.Tokens[inner].Last].Start : xml.Tokens[first].Start;
        AddMarkup(WordItemKind.Opening, Start(outer), opened);
        AddChildren(inner);
        AddMarkup(WordItemKind.Closing, xml.Tokens[xml.Tokens[inner].Last].Start, End(outer));
    }

    private void AddRun(int run)
    {
        var format = "";
        foreach (var child in xml.Children(run))
        {
            switch (NameOf(child))
            {
                case "rPr":
                    format = xml.Element(child);
                    break;
                case "t":
                    _items.Add(new WordItem(WordItemKind.Text, TextOf(child), format, Start(child), End(child)));
                    break;
                case "noBreakHyphen":
                    _items.Add(new WordItem(WordItemKind.Text, "\u2011", format, Start(child), End(child)));
                    break;
                case "tab" or "ptab":
                    AddInRun(WordItemKind.Boundary, child, format);
                    break;
                case "br" or "cr":
                    var isLine = xml.Tokens[child].AnyAttribute("type") is null or "textWrapping";
                    AddInRun(isLine ? WordItemKind.LineBreak : WordItemKind.Boundary, child, format);
                    break;
                case var name when !Dropped.Contains(name):
                    AddInRun(WordItemKind.Alone, child, format);
                    break;
            }
        }
    }

    private void AddInRun(WordItemKind kind, int element, string format) =>
        _items.Add(new WordItem(kind, "", format, Start(element), End(element), InRun: true));

    private void AddMarkup(WordItemKind kind, int start, int end) => _items.Add(new WordItem(kind, "", "", start, end));

    private string TextOf(int element)
    {
        var text = string.Concat(
            Enumerable
                .Range(element + 1, Math.Max(0, xml.Tokens[element].Last - element - 1))
                .Select(i => xml.Tokens[i])
                .Where(token => token.IsText)
                .Select(token => token.Value)
        );
        return xml.Tokens[element].Attribute("xml:space") == "preserve" ? text : text.Trim(' ', '\t', '\r', '\n');
    }

    /// <summary>
    /// What a run-level content control contains; null if its text is a choice or comes from elsewhere.
    /// </summary>
    private int? ContentOfControl(int control)
    {
        int? content = null;
        foreach (var child in xml.Children(control))
        {
            if (NameOf(child) == "sdtPr" && xml.Children(child).Any(kind => Controls.Contains(xml.Tokens[kind].Name)))
            {
                return null;
            }

            if (NameOf(child) == "sdtContent" && xml.Tokens[child].Last > child)
            {
                content = child;
            }
        }

        return content;
    }

    /// <summary>
    /// A hyperlink that is written as a field: its beginning up to the separator, and its end, as children.
    /// </summary>
    private (int Separator, int End)? LinkField(List<int> children, int first, int to)
    {
        if (FieldMark(children[first]) != "begin")
        {
            return null;
        }

        var (separator, instruction) = (-1, "");
        for (var i = first; i < to; i++)
        {
            instruction += separator < 0 ? Instruction(children[i]) : "";
            switch (FieldMark(children[i]))
            {
                case "begin" when i > first:
                    return null;
                case "separate":
                    separator = i;
                    break;
                case "end":
                    return separator > 0 && instruction.TrimStart().StartsWith("HYPERLINK", StringComparison.Ordinal)
                        ? (separator, i)
                        : null;
            }
        }

        return null;
    }

    private string Instruction(int run) =>
        NameOf(run) == "r"
            ? string.Concat(xml.Children(run).Where(child => NameOf(child) == "instrText").Select(TextOf))
            : "";

    /// <summary>The mark of a field in a run that has only it; null for other runs.</summary>
    private string? FieldMark(int run)
    {
        if (NameOf(run) != "r")
        {
            return null;
        }

        var marks = xml.Children(run).Where(child => NameOf(child) != "rPr").ToList();
        return marks is [var mark] && NameOf(mark) == "fldChar" ? xml.Tokens[mark].AnyAttribute("fldCharType") : null;
    }

    /// <summary>By how much an element changes the number of open fields, and whether it has a mark of one.</summary>
    private (int Changes, bool Any) Fields(int element)
    {
        var (changes, any) = (0, false);
        for (var i = element; i <= xml.Tokens[element].Last; i++)
        {
            if (xml.Tokens[i] is { IsStart: true, Name: "fldChar" } mark)
            {
                any = true;
                changes += mark.AnyAttribute("fldCharType") switch
                {
                    "begin" => 1,
                    "end" => -1,
                    _ => 0,
                };
            }
        }

        return (changes, any);
    }

    private bool IsProperties(int element) => NameOf(element).EndsWith("Pr", StringComparison.Ordinal);

    /// <summary>The name of an element of Word's own; empty for those of other namespaces.</summary>
    private string NameOf(int element) => xml.Tokens[element].Space == _space ? xml.Tokens[element].Name : "";

    private int Start(int element) => xml.Tokens[element].Start;

    private int End(int element) => xml.Tokens[xml.Tokens[element].Last].End;
}
