namespace TransformerClinic.Documents.Segments.Placeholders;

/// <summary>Whether two texts have the same placeholders, each as often.</summary>
internal static class PlaceholderCounts
{
    /// <summary>Whether two texts have the same placeholders, each as often, in whatever order.</summary>
    public static bool Same(string one, string other) => Sorted(one).SequenceEqual(Sorted(other));

    private static IEnumerable<string> Sorted(string text) =>
        PlaceholderFinder.Find(text).Select(range => range.Of(text)).Order(StringComparer.Ordinal);
}
