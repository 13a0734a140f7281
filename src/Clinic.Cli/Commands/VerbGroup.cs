using System.CommandLine;

namespace TransformerClinic.Cli.Commands;

/// <summary>A word that verbs come after, such as <c>import</c> in <c>clinic import marian</c>.</summary>
internal abstract class VerbGroup : Command
{
    /// <param name="name">What is typed.</param>
    /// <param name="description">What its verbs do, in one sentence.</param>
    /// <param name="verbs">Its verbs.</param>
    protected VerbGroup(string name, string description, params IReadOnlyList<Verb> verbs)
        : base(name, description)
    {
        foreach (var verb in verbs)
        {
            Add(verb);
        }
    }
}
