namespace TransformerClinic.Interop.Pickle;

/// <summary>
/// A dictionary of a pickle: its entries in their order. Of entries with the same key the last one counts.
/// </summary>
internal sealed class PickleDictionary
{
    /// <summary>The entries in their order.</summary>
    public List<(object? Key, object? Value)> Entries { get; } = [];

    /// <summary>The value of a key that is a string; null if there is none.</summary>
    public object? this[string key] => Entries.FindLast(entry => entry.Key is string name && name == key).Value;

    /// <summary>Whether there is an entry with a key that is a string.</summary>
    public bool Has(string key) => Entries.Exists(entry => entry.Key is string name && name == key);

    /// <summary>
    /// The entries whose keys are strings, each key once, in the order in which the keys first occur.
    /// </summary>
    public IReadOnlyDictionary<string, object?> Named()
    {
        var named = new Dictionary<string, object?>(StringComparer.Ordinal);
        foreach (var (key, value) in Entries)
        {
            if (key is string name)
            {
                named[name] = value;
            }
        }

        return named;
    }
}
