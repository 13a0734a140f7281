using TransformerClinic.Documents.Formats.Markup;

namespace TransformerClinic.Documents.Formats.Docx;

/// <summary>
/// Reads the paragraphs of a part into pieces. It remembers open fields, which may begin in one paragraph and end in
/// another, as tables of contents do: what is inside a field is kept as it is, hyperlinks excepted.
/// </summary>
/// <param name="xml">The part.</param>
internal sealed class WordParagraphReader(XmlSource xml)
{
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
        var children = xml.Children(element).Where(child => !IsProperties(child)).ToList();
        for (var i = 0; i < children.Count; i++)
        {
            if (_fields == 0 && LinkField(children, i) is var (separator, end))
            {
                AddMarkup(WordItemKind.Opening, Start(children[i]), End(children[separator]));
                foreach (var inner in children[(separator + 1)..end])
                {
                    Add(inner);
                }

                AddMarkup(WordItemKind.Closing, Start(children[end]), End(children[end]));
                i = end;
            }
            else
            {
                Add(children[i]);
            }
        }
    }

    private void Add(int element)
    {
        var name = NameOf(element);
        var (changes, begins) = Fields(element);
        if (_fields > 0 || (begins && (name == "r" || changes != 0)))
        {
            _fields = Math.Max(0, _fields + changes);
            AddMarkup(WordItemKind.Alone, Start(element), End(element));
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
    private (int Separator, int End)? LinkField(List<int> children, int first)
    {
        if (FieldMark(children[first]) != "begin")
        {
            return null;
        }

        var (separator, instruction) = (-1, "");
        for (var i = first; i < children.Count; i++)
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

    /// <summary>By how much an element changes the number of open fields, and whether any begins or ends in it.</summary>
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
