namespace TransformerClinic.Common;

/// <summary>
/// An options record whose keys must also fit each other, which the range of a single key cannot express.
/// <see cref="OptionCheck"/> asks only after every single key is valid.
/// </summary>
internal interface IOptionRules
{
    /// <summary>What is wrong, one sentence for each violated rule; nothing for valid options.</summary>
    /// <param name="section">
    /// The start of the names of the record's keys, such as <c>training.schedule.</c> with its dot; empty for a recipe.
    /// </param>
    IEnumerable<string> BrokenRules(string section);
}
