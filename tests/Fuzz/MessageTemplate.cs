using System.Text.RegularExpressions;

namespace TransformerClinic.Fuzz;

/// <summary>
/// What a message says, without what it says it of: inputs that are refused for one reason differ in what is quoted,
/// counted and located, and would else seem to be refused for as many reasons as there are inputs.
/// </summary>
internal static partial class MessageTemplate
{
    private const int Longest = 120;

    /// <summary>The message's words that cannot come from an input.</summary>
    public static string Of(string message)
    {
        var words = Words().Matches(Place().Replace(Quoted().Replace(message, " "), " ")).Select(word => word.Value);
        var template = string.Join(' ', words);
        return template.Length <= Longest ? template : template[..Longest];
    }

    // From the first quotation mark to the last: what is quoted may hold quotation marks of its own.
    [GeneratedRegex(@"['""].*['""]", RegexOptions.Singleline)]
    private static partial Regex Quoted();

    // Where in the input: System.Text.Json names keys there without quoting them.
    [GeneratedRegex(@"\b(Path:|LineNumber:).*", RegexOptions.Singleline)]
    private static partial Regex Place();

    [GeneratedRegex("[A-Za-z]+")]
    private static partial Regex Words();
}
