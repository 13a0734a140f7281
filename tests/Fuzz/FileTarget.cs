using TransformerClinic.Common;

namespace TransformerClinic.Fuzz;

/// <summary>What reads a file of the user's: it may refuse the file by name, or read it; nothing else.</summary>
internal abstract class FileTarget(string name, string file) : IFuzzTarget
{
    public string Name => name;

    public abstract IReadOnlyList<byte[]> Seeds { get; }

    /// <summary>Where the file lies; others may be put beside it.</summary>
    protected string Folder { get; } = Directory.CreateTempSubdirectory("clinic-fuzz-").FullName;

    /// <summary>The text that reads best as JSON or YAML is mostly changed token by token, else byte by byte.</summary>
    public virtual byte[] Mutate(byte[] input, byte[] other, Random random) =>
        random.Next(3) == 0 ? ByteMutator.Mutate(input, other, random) : TokenMutator.Mutate(input, other, random);

    public string Run(byte[] input)
    {
        var path = Path.Combine(Folder, file);
        File.WriteAllBytes(path, input);
        try
        {
            return $"read: {Read(path, input)}";
        }
        catch (UserErrorException refused) when (refused.Message.StartsWith(Folder, StringComparison.Ordinal))
        {
            return Reason(
                refused
                    .Message.Replace(path, "", StringComparison.Ordinal)
                    .Replace(Folder, "", StringComparison.Ordinal)
            );
        }
    }

    public void Dispose() => Directory.Delete(Folder, recursive: true);

    /// <summary>
    /// Reads the file, checks what can be checked of what was read, and says in a few words what it is.
    /// </summary>
    /// <exception cref="UserErrorException">The file is refused.</exception>
    /// <exception cref="InvalidDataException">What was read is not what the file says.</exception>
    protected abstract string Read(string path, byte[] input);

    /// <summary>Why a file was refused, in words that do not come from it.</summary>
    protected virtual string Reason(string message) => MessageTemplate.Of(message);

    protected static void Require(bool holds, string what)
    {
        if (!holds)
        {
            throw new InvalidDataException(what);
        }
    }
}
