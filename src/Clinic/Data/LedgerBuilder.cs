namespace TransformerClinic.Data;

/// <summary>Counts lines as they are read.</summary>
internal sealed class LedgerBuilder(string set)
{
    private const int Shown = 5;
    private readonly Dictionary<string, (int Count, List<int> Lines)> _dropped = new(StringComparer.Ordinal);
    private int _kept;
    private int _read;

    public void Keep()
    {
        _read++;
        _kept++;
    }

    public void Drop(string reason, int line)
    {
        _read++;
        var (count, lines) = _dropped.TryGetValue(reason, out var entry) ? entry : (0, []);
        if (lines.Count < Shown)
        {
            lines.Add(line);
        }

        _dropped[reason] = (count + 1, lines);
    }

    public Ledger Build() => new(set, _read, _kept, [.. _dropped
        .OrderByDescending(entry => entry.Value.Count).ThenBy(entry => entry.Key, StringComparer.Ordinal)
        .Select(entry => new LedgerEntry(entry.Key, entry.Value.Count, entry.Value.Lines))]);
}
