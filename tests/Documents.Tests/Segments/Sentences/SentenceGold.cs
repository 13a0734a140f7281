namespace TransformerClinic.Documents.Tests.Segments.Sentences;

/// <summary>
/// A text of the gold list. In the file <c>¦</c> is where a sentence begins after another, and <c>\n</c> and <c>\t</c>
/// are white space.
/// </summary>
internal sealed record SentenceGold(string Language, string Text, IReadOnlyList<string> Sentences)
{
    public static IReadOnlyList<SentenceGold> All() =>
        [
            .. File.ReadLines(RepositoryRoot.PathOf("tests/Documents.Tests/Segments/Sentences/gold.tsv"))
                .Select(line => line.Split('\t'))
                .Select(row => (Language: row[0], Marked: row[1].Replace(@"\n", "\n").Replace(@"\t", "\t")))
                .Select(row => new SentenceGold(
                    row.Language,
                    row.Marked.Replace("¦", ""),
                    [.. row.Marked.Split('¦').Select(sentence => sentence.Trim())]
                )),
        ];
}
