namespace TransformerClinic.Common;

/// <summary>
/// Checks options records, whoever made them: the reader of a recipe checks all of it, and every type that takes
/// options checks the ones it gets.
/// </summary>
internal static class OptionCheck
{
    /// <summary>The same options, if they are valid.</summary>
    /// <param name="options">The options.</param>
    /// <param name="section">
    /// Their name: their section in a recipe, such as <c>training.schedule</c>; empty for a recipe itself.
    /// </param>
    /// <exception cref="UserErrorException">
    /// A key has a value that it does not take, or two keys do not fit each other; the message names the keys, their
    /// values and what is allowed.
    /// </exception>
    public static T Valid<T>(T options, string section)
        where T : class
    {
        var prefix = section.Length == 0 ? "" : section + ".";
        foreach (var key in Shape<T>.Keys)
        {
            var value = key.Of(options);
            if (!key.Allows(value))
            {
                var found = value is null ? "" : OptionKey.Format(value);
                throw new UserErrorException(key.Refusal(prefix + key.Path, found));
            }
        }

        return BrokenRule(options, prefix) is { } broken ? throw new UserErrorException(broken) : options;
    }

    /// <summary>The first violated rule between keys, in words; null if all hold.</summary>
    /// <param name="options">Options whose single keys are valid.</param>
    /// <param name="prefix">The start of the names of their keys.</param>
    public static string? BrokenRule<T>(T options, string prefix = "")
        where T : class =>
        Shape<T>
            .Sections.SelectMany(section =>
                (section.Of(options) as IOptionRules)?.BrokenRules(prefix + section.Path) ?? []
            )
            .FirstOrDefault();

    /// <summary>What reflection finds in a type; it runs once.</summary>
    private static class Shape<T>
    {
        public static readonly IReadOnlyList<OptionKey> Keys = OptionKey.AllOf(typeof(T));

        public static readonly IReadOnlyList<OptionSection> Sections = OptionSection.AllOf(typeof(T));
    }
}
