namespace TransformerClinic.Common;

/// <summary>
/// An options record whose keys must also fit each other, which the range of a single key cannot say.
/// <see cref="OptionCheck"/> asks only after every key by itself was found to be valid.
/// </summary>
internal interface IOptionRules
{
    /// <summary>What is wrong, one sentence for each rule that is broken; nothing for valid options.</summary>
    /// <param name="section">
    /// What the names of the record's keys begin with, such as <c>training.schedule.</c> with its dot; empty for a
    /// recipe.
    /// </param>
    IEnumerable<string> BrokenRules(string section);
}
