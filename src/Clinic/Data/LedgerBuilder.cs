namespace TransformerClinic.Data;

/// <summary>
/// Counts lines as they are read. Every line is kept or dropped; a kept one may be left untranslated.
/// </summary>
internal sealed class LedgerBuilder(string set)
{
    private const int Shown = 5;
    private readonly Dictionary<string, (int Count, List<int> Lines)> _dropped = new(StringComparer.Ordinal);
    private readonly Dictionary<string, (int Count, List<int> Lines)> _untranslated = new(StringComparer.Ordinal);
    private readonly Dictionary<string, (int Count, List<int> Lines)> _changed = new(StringComparer.Ordinal);
    private Ledger? _reading;
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
        Count(_dropped, reason, line);
    }

    /// <summary>Notes that a line is kept, but will not be translated.</summary>
    public void LeaveUntranslated(string reason, int line) => Count(_untranslated, reason, line);

    /// <summary>Notes that a line is kept, but not with all that the file has of it.</summary>
    public void Change(string reason, int line) => Count(_changed, reason, line);

    /// <summary>Takes over what was dropped and changed when the files were read, before lines became pairs.</summary>
    public void Include(Ledger reading)
    {
        _reading = reading;
        _read += reading.Read - reading.Kept;
    }

    public Ledger Build() =>
        new(set, _read, _kept, [.. _reading?.Dropped ?? [], .. Entries(_dropped)])
        {
            Untranslated = Entries(_untranslated),
            Changed = _reading?.Changed ?? (_changed.Count > 0 ? Entries(_changed) : null),
            Languages = _reading?.Languages,
        };

    private static void Count(Dictionary<string, (int Count, List<int> Lines)> entries, string reason, int line)
    {
        var (count, lines) = entries.TryGetValue(reason, out var entry) ? entry : (0, []);
        if (lines.Count < Shown)
        {
            lines.Add(line);
        }

        entries[reason] = (count + 1, lines);
    }

    private static List<LedgerEntry> Entries(Dictionary<string, (int Count, List<int> Lines)> entries) =>
        [
            .. entries
                .OrderByDescending(entry => entry.Value.Count)
                .ThenBy(entry => entry.Key, StringComparer.Ordinal)
                .Select(entry => new LedgerEntry(entry.Key, entry.Value.Count, entry.Value.Lines)),
        ];
}
