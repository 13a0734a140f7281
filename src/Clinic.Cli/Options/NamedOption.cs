using System.CommandLine;
using System.CommandLine.Parsing;
using TransformerClinic.Common;
using TransformerClinic.Recipes;

namespace TransformerClinic.Cli.Options;

/// <summary>
/// A word on the command line from a fixed list, written as in recipes; anything else is refused with a message.
/// </summary>
internal static class NamedOption
{
    /// <summary>The option.</summary>
    /// <typeparam name="T">The words.</typeparam>
    /// <param name="name">The option's name.</param>
    /// <param name="description">What it means.</param>
    public static Option<T?> Of<T>(string name, string description)
        where T : struct, Enum =>
        new(name) { Description = description, CustomParser = argument => Parse<T>(argument, name) };

    /// <summary>The same as an argument.</summary>
    /// <inheritdoc cref="Of"/>
    public static Argument<T?> Argument<T>(string name, string description)
        where T : struct, Enum =>
        new(name)
        {
            Description = description,
            HelpName = name,
            Arity = ArgumentArity.ExactlyOne,
            CustomParser = argument => Parse<T>(argument, name),
        };

    private static T? Parse<T>(ArgumentResult argument, string name)
        where T : struct, Enum
    {
        if (argument.Tokens is not [{ Value: var text }])
        {
            return null; // the library has a message for that
        }

        var words = Enum.GetValues<T>()
            .ToDictionary(value => RecipeKey.Format(value), StringComparer.OrdinalIgnoreCase);
        if (words.TryGetValue(text, out var known))
        {
            return known;
        }

        var nearest = Spelling.Nearest(text, words.Keys) is { } word ? $" Did you mean {word}?" : "";
        argument.AddError($"{name} is one of {string.Join(", ", words.Keys)}, not '{text}'.{nearest}");
        return null;
    }
}
