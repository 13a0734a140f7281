using System.Security.Cryptography;
using System.Text;
using TransformerClinic.Common;
using TransformerClinic.Files;

namespace TransformerClinic.Web.Security;

/// <summary>
/// The keys of a file, a line each: a name, a space, the SHA-256 of the key in hexadecimal. The keys themselves are
/// nowhere: they are 256 random bits, so a hash that is fast to compute is enough.
/// </summary>
internal sealed class ApiKeys
{
    private const int KeyBytes = 32;
    private readonly IReadOnlyList<(string Name, byte[] Hash)> _keys;

    private ApiKeys(IReadOnlyList<(string Name, byte[] Hash)> keys) => _keys = keys;

    /// <summary>How many keys there are.</summary>
    public int Count => _keys.Count;

    /// <summary>Reads a file of keys; empty lines and lines that begin with <c>#</c> are comments.</summary>
    /// <exception cref="UserErrorException">There is no such file, or a line of it is not a key.</exception>
    public static ApiKeys Load(string path)
    {
        var keys = new List<(string, byte[])>();
        foreach (var (index, line) in TextLines.Read(path).Index())
        {
            if (line.Trim().Length > 0 && line[0] != '#')
            {
                keys.Add(Parse(line, path, index + 1));
            }
        }

        return keys.Count == 0
            ? throw new UserErrorException($"{path}: there is no key in it, so nobody could use the service.")
            : new ApiKeys(keys);
    }

    /// <summary>Makes a key and adds its hash to a file, which is made if it is not there.</summary>
    /// <returns>The key, which nobody can see again.</returns>
    /// <exception cref="UserErrorException">The name has a space or is there already.</exception>
    public static string Add(string path, string name)
    {
        if (name.Length == 0 || name.Any(char.IsWhiteSpace) || name[0] == '#')
        {
            throw new UserErrorException(
                $"'{name}' cannot name a key: a name has no spaces and does not begin with #."
            );
        }

        IReadOnlyList<string> lines = File.Exists(path) ? TextLines.Read(path) : [];
        if (lines.Any(line => line.StartsWith(name + " ", StringComparison.Ordinal)))
        {
            throw new UserErrorException($"{path}: there is a key named {name} already. Choose another name.");
        }

        var key = Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(KeyBytes));
        OutputFile.Write(
            path,
            stream =>
            {
                using var writer = new StreamWriter(stream, leaveOpen: true) { NewLine = "\n" };
                foreach (var line in lines.Append($"{name} {Convert.ToHexStringLower(HashOf(key))}"))
                {
                    writer.WriteLine(line);
                }
            },
            CancellationToken.None
        );
        return key;
    }

    /// <summary>The name of a key; null if it is none. Takes as long for a wrong key as for a right one.</summary>
    public string? NameOf(string key)
    {
        var hash = HashOf(key);
        string? found = null;
        foreach (var (name, known) in _keys)
        {
            if (CryptographicOperations.FixedTimeEquals(hash, known))
            {
                found = name;
            }
        }

        return found;
    }

    private static byte[] HashOf(string key) => SHA256.HashData(Encoding.UTF8.GetBytes(key));

    private static (string Name, byte[] Hash) Parse(string line, string path, int number)
    {
        var parts = line.Split(' ', StringSplitOptions.RemoveEmptyEntries);
        return parts.Length == 2 && parts[1].Length == 2 * SHA256.HashSizeInBytes && parts[1].All(char.IsAsciiHexDigit)
            ? (parts[0], Convert.FromHexString(parts[1]))
            : throw new UserErrorException(
                $"{path}, line {number}: not a key. A line is a name, a space, and the SHA-256 of the key in "
                    + "hexadecimal."
            );
    }
}
