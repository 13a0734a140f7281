namespace TransformerClinic.Pages.Elements;

/// <summary>How to make the same again. What is empty is not shown.</summary>
public sealed record ReproductionView
{
    /// <summary>The commands, in order.</summary>
    public string Commands { get; init; } = "";

    /// <summary>The recipe as it is written.</summary>
    public string Recipe { get; init; } = "";

    /// <summary>Machine and versions, one fact per line.</summary>
    public string Environment { get; init; } = "";

    /// <summary>Whether there is anything to show.</summary>
    public bool IsEmpty => Commands.Length + Recipe.Length + Environment.Length == 0;
}
