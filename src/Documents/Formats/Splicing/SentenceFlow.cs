namespace TransformerClinic.Documents.Formats.Splicing;

/// <summary>Whether a sentence that a line break interrupts continues after it.</summary>
internal static class SentenceFlow
{
    private const string Ends = ".!?…。！？：:;♪♫";
    private const string Closers = "\"'”“’»«)]}›‹」』*_";
    private const string Beginnings = "-–—•*[(♪♫>#";

    /// <summary>Whether a line ends within a sentence, so that the next probably continues it.</summary>
    public static bool IsOpen(string line)
    {
        var text = line.Trim();
        var isNote = text is ['(', .., ')'] or ['[', .., ']'];
        text = text.TrimEnd([.. Closers]).TrimEnd();
        return text.Length > 0 && !isNote && !Ends.Contains(text[^1], StringComparison.Ordinal);
    }

    /// <summary>Whether a line may be the continuation of a sentence: it is not an item, a note, or a speaker's
    /// turn.</summary>
    public static bool MayContinue(string line)
    {
        var text = line.TrimStart();
        return text.Length > 0 && !Beginnings.Contains(text[0], StringComparison.Ordinal);
    }

    /// <summary>Whether a sentence surely continues: what follows does not begin as sentences do.</summary>
    public static bool SurelyContinues(string before, string after) =>
        IsOpen(before) && MayContinue(after) && char.IsLower(after.TrimStart()[0]);
}
