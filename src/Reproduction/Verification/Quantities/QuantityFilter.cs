namespace TransformerClinic.Reproduction.Verification.Quantities;

/// <summary>
/// Which quantities are wanted: those whose name starts with a pattern, in which <c>*</c> stands for anything; all
/// without a pattern.
/// </summary>
internal sealed class QuantityFilter(string? pattern)
{
    private readonly string _pattern = pattern ?? "";

    /// <summary>Whether a name is wanted.</summary>
    public bool Wants(string name) => Follow(name).Matched;

    /// <summary>Whether a name that starts this way may be wanted.</summary>
    public bool MayWant(string beginning) => Follow(beginning) is var (matched, open) && (matched || open);

    /// <summary>Whether the text matches the pattern, and whether a longer text may still match it.</summary>
    private (bool Matched, bool Open) Follow(string text)
    {
        var places = Reach([0]);
        foreach (var character in text)
        {
            if (places.Contains(_pattern.Length))
            {
                return (true, true);
            }

            places = Reach(
                places
                    .Where(place => _pattern[place] == '*')
                    .Concat(
                        places
                            .Where(place =>
                                _pattern[place] != '*'
                                && char.ToUpperInvariant(_pattern[place]) == char.ToUpperInvariant(character)
                            )
                            .Select(place => place + 1)
                    )
            );
        }

        return (places.Contains(_pattern.Length), places.Count > 0);
    }

    /// <summary>The positions in the pattern, and those after an asterisk that matches nothing.</summary>
    private HashSet<int> Reach(IEnumerable<int> places)
    {
        var reached = new HashSet<int>();
        foreach (var start in places)
        {
            var place = start;
            while (reached.Add(place) && place < _pattern.Length && _pattern[place] == '*')
            {
                place++;
            }
        }

        return reached;
    }
}
