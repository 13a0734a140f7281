using System.CommandLine;
using System.CommandLine.Parsing;
using TransformerClinic.Common;

namespace TransformerClinic.Cli.Options;

/// <summary>
/// What is wrong with a command line, in words; for a misspelled verb or option, the name that was probably meant.
/// </summary>
internal static class ParseMistakes
{
    /// <summary>
    /// A message for each mistake; for a misspelled verb only one, since what follows it cannot be judged.
    /// </summary>
    public static IReadOnlyList<string> Of(ParseResult parsed)
    {
        var command = parsed.CommandResult.Command;
        if (command is RootCommand && parsed.UnmatchedTokens.FirstOrDefault(token => !IsOption(token)) is { } verb)
        {
            return [$"There is no verb '{verb}'.{DidYouMean(verb, command.Subcommands.SelectMany(Names))}"];
        }

        if (command.Subcommands.Count > 0 && command is not RootCommand)
        {
            return [MissingVerb(command, parsed.UnmatchedTokens.FirstOrDefault(token => !IsOption(token)))];
        }

        string[] unknown = [.. Taken(parsed).Concat(parsed.UnmatchedTokens).Where(IsOption)];
        return
        [
            .. unknown.Select(token => $"There is no option '{token}'.{DidYouMean(token, OptionsOf(command))}"),
            .. parsed
                .Errors.Select(error => error.Message)
                .Where(message => !unknown.Any(token => IsOf(message, token))),
        ];
    }

    private static string MissingVerb(Command group, string? typed)
    {
        var all = string.Join(", ", group.Subcommands.Select(verb => verb.Name));
        return typed is null
            ? $"{group.Name} needs one more word: {all}."
            : $"{group.Name} does not know '{typed}', but {all}."
                + DidYouMean(typed, group.Subcommands.SelectMany(Names));
    }

    /// <summary>What was taken for an argument of the verb, as happens to the first misspelled option.</summary>
    private static IEnumerable<string> Taken(ParseResult parsed) =>
        parsed
            .CommandResult.Children.OfType<ArgumentResult>()
            .SelectMany(argument => argument.Tokens)
            .Select(token => token.Value);

    private static bool IsOf(string message, string token) => message.Contains($"'{token}'", StringComparison.Ordinal);

    private static bool IsOption(string token) => token.StartsWith('-') && token.Length > 1;

    private static IEnumerable<string> OptionsOf(Command command) => command.Options.SelectMany(Names);

    private static IEnumerable<string> Names(Command command) => [command.Name, .. command.Aliases];

    private static IEnumerable<string> Names(Option option) => [option.Name, .. option.Aliases];

    private static string DidYouMean(string name, IEnumerable<string> candidates)
    {
        // In --out=file the name is the part before the equals sign.
        var nearest = Spelling.Nearest(name.Split('=', ':')[0], candidates.Where(candidate => candidate.Length > 2));
        return nearest is null ? "" : $" Did you mean {nearest}?";
    }
}
