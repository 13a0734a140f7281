namespace TransformerClinic.Diagnosis;

/// <summary>Values that are created when first requested, kept in that order, and disposed together.</summary>
internal sealed class OnDemand<TKey, TValue>(Func<TKey, TValue> make) : IDisposable
    where TKey : notnull
    where TValue : IDisposable
{
    private readonly OrderedDictionary<TKey, TValue> _made = [];

    /// <summary>The values in the order in which they were first requested.</summary>
    public IEnumerable<TValue> Values => _made.Values;

    /// <summary>The value of a key.</summary>
    public TValue this[TKey key]
    {
        get
        {
            if (!_made.TryGetValue(key, out var value))
            {
                _made.Add(key, value = make(key));
            }

            return value;
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        foreach (var value in _made.Values)
        {
            value.Dispose();
        }
    }
}
