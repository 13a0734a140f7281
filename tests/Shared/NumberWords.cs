namespace TransformerClinic.Tests.Shared;

/// <summary>Numbers counted in two languages: enough for subwords, batches and a loss that moves.</summary>
internal static class NumberWords
{
    private static readonly string[] German =
    [
        "null",
        "eins",
        "zwei",
        "drei",
        "vier",
        "fünf",
        "sechs",
        "sieben",
        "acht",
        "neun",
    ];
    private static readonly string[] English =
    [
        "zero",
        "one",
        "two",
        "three",
        "four",
        "five",
        "six",
        "seven",
        "eight",
        "nine",
    ];

    /// <summary>Writes pairs as a tab-separated file: numbers of one digit to <paramref name="longest"/>.</summary>
    public static void Write(string path, int lines, int longest = 3) =>
        File.WriteAllLines(
            path,
            Enumerable
                .Range(Path.GetFileName(path).Length, lines)
                .Select(i =>
                {
                    var number = i * 7919 % 1000;
                    int[] digits =
                    [
                        .. new[] { number % 10, number / 10 % 10, number / 100, (number + i) % 10, i % 7 }.Take(
                            longest - (i % Math.Max(longest - 2, 1))
                        ),
                    ];
                    return $"{string.Join(' ', digits.Select(d => German[d]))} "
                        + $".\t{string.Join(' ', digits.Select(d => English[d]))} .";
                })
        );
}
