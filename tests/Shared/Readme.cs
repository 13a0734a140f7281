namespace TransformerClinic.Tests.Shared;

/// <summary>The fenced blocks of a page, between lines of three backticks.</summary>
internal sealed class Readme(string text)
{
    private const string Fence = "```";

    private readonly IReadOnlyList<(string Language, string[] Lines)> _blocks =
    [
        .. Blocks(text.ReplaceLineEndings("\n").Split('\n')),
    ];

    /// <summary>The program that is complete in itself: it begins with its usings.</summary>
    public string Program => string.Join('\n', _blocks.Single(IsProgram).Lines);

    /// <summary>What the page says that the program prints: the block that follows it.</summary>
    public string Output => string.Join('\n', _blocks.SkipWhile(block => !IsProgram(block)).Skip(1).First().Lines);

    /// <summary>The other pieces of C#.</summary>
    public IReadOnlyList<string[]> Fragments =>
        [.. _blocks.Where(block => block.Language == "csharp" && !IsProgram(block)).Select(block => block.Lines)];

    private static bool IsProgram((string Language, string[] Lines) block) =>
        block.Language == "csharp"
        && block.Lines[0].StartsWith("using ", StringComparison.Ordinal)
        && block.Lines[0].EndsWith(';');

    private static IEnumerable<(string Language, string[] Lines)> Blocks(string[] lines)
    {
        for (var start = 0; start < lines.Length; start++)
        {
            if (lines[start].StartsWith(Fence, StringComparison.Ordinal))
            {
                var block = lines.Skip(start + 1).TakeWhile(line => line != Fence).ToArray();
                yield return (lines[start][Fence.Length..], block);
                start += block.Length + 1;
            }
        }
    }
}
