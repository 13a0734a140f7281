using System.Text.Json.Serialization;

namespace TransformerClinic.Data;

/// <summary>Why lines were left out or not translated, how many, and the first of them.</summary>
/// <param name="Reason">In words.</param>
/// <param name="Count">How many lines.</param>
/// <param name="FirstLines">The numbers of the first few, from 1.</param>
internal sealed record LedgerEntry(string Reason, int Count, IReadOnlyList<int> FirstLines);

/// <summary>The account of the lines of one set: every line is either kept or counted here with its reason.</summary>
/// <param name="Set">The set's name.</param>
/// <param name="Read">Lines read.</param>
/// <param name="Kept">Lines kept.</param>
/// <param name="Dropped">Lines dropped, by reason.</param>
internal sealed record Ledger(string Set, int Read, int Kept, IReadOnlyList<LedgerEntry> Dropped)
{
    /// <summary>Lines of a test set that are kept, but not translated, by reason; they are scored as empty.</summary>
    public IReadOnlyList<LedgerEntry> Untranslated { get; init; } = [];

    /// <summary>
    /// Pairs that are not kept with all that the file has of them, such as inline tags, by what is left out; null for
    /// none, as always for files of text.
    /// </summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public IReadOnlyList<LedgerEntry>? Changed { get; init; }

    /// <summary>The languages that were taken, if the file says what its languages are; null otherwise.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? Languages { get; init; }

    /// <summary>What earlier versions wrote instead of <see cref="Untranslated"/>; read, and never written.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public IReadOnlyList<LedgerEntry>? Shortened { get; init; }

    /// <summary>
    /// The account of a set of several corpora, from the accounts of each, in their order: it names the corpus of what
    /// it counts, since each has a line 1.
    /// </summary>
    /// <param name="set">The set's name.</param>
    /// <param name="corpora">The accounts; their <see cref="Set"/> is the name of the corpus.</param>
    public static Ledger Sum(string set, IReadOnlyList<Ledger> corpora)
    {
        var changed = Named(ledger => ledger.Changed);
        var languages = corpora.Select(ledger => ledger.Languages).OfType<string>().Distinct().ToList();
        return new Ledger(
            set,
            corpora.Sum(ledger => ledger.Read),
            corpora.Sum(ledger => ledger.Kept),
            Named(ledger => ledger.Dropped)
        )
        {
            Untranslated = Named(ledger => ledger.Untranslated),
            Changed = changed.Count > 0 ? changed : null,
            Languages = languages.Count > 0 ? string.Join(", ", languages) : null,
        };

        List<LedgerEntry> Named(Func<Ledger, IReadOnlyList<LedgerEntry>?> entries) =>
            [
                .. from ledger in corpora
                from entry in entries(ledger) ?? []
                select entry with
                {
                    Reason = $"{entry.Reason}, in {ledger.Set}",
                },
            ];
    }

    /// <summary>The account in one line.</summary>
    public override string ToString() =>
        FormattableString.Invariant($"{Set}: {Kept:N0} of {Read:N0} pairs kept")
        + (Languages is null ? "" : $", {Languages}")
        + List("dropped", Dropped)
        + List("changed when read", Changed ?? [])
        + List("left untranslated and scored as empty", Untranslated);

    private static string List(string what, IReadOnlyList<LedgerEntry> entries) =>
        entries.Count == 0
            ? ""
            : $"; {what}: "
                + string.Join(
                    ", ",
                    entries.Select(entry =>
                        FormattableString.Invariant(
                            $"{entry.Count:N0} {entry.Reason} (first: line {string.Join(", ", entry.FirstLines)})"
                        )
                    )
                );
}
