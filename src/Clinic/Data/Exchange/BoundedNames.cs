using System.Globalization;
using System.Xml;

namespace TransformerClinic.Data.Exchange;

/// <summary>
/// The names of elements and attributes, which the parser keeps to the end: a file in which every element has another
/// name would fill the memory.
/// </summary>
internal sealed class BoundedNames : NameTable
{
    private const int Most = 10_000;

    private int _count;

    /// <exception cref="InvalidDataException">There are too many; the message says so.</exception>
    public override string Add(string key) => Get(key) ?? Counted(base.Add(key));

    /// <exception cref="InvalidDataException">There are too many; the message says so.</exception>
    public override string Add(char[] key, int start, int len) =>
        Get(key, start, len) ?? Counted(base.Add(key, start, len));

    private string Counted(string name) =>
        ++_count <= Most
            ? name
            : throw new InvalidDataException(
                string.Create(
                    CultureInfo.InvariantCulture,
                    $"the file has more than {Most:N0} different names of elements and attributes"
                )
            );
}
