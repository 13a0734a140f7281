using System.Globalization;

namespace TransformerClinic.Bench.Clients;

/// <summary>Where a client and this program agree, and the first lines where they do not.</summary>
internal static class ClientTable
{
    private const int Shown = 10;

    /// <summary>Prints it.</summary>
    public static void Write(TextWriter output, string[] ours, ClientProcess client)
    {
        var theirs = client.Lines;
        output.WriteLine(
            string.Create(CultureInfo.InvariantCulture, $"the client: {client.Seconds:0.0} s with its start")
        );
        if (theirs.Length != ours.Length)
        {
            output.WriteLine($"the client printed {theirs.Length} lines for {ours.Length}");
            return;
        }

        int[] differing = [.. Enumerable.Range(0, ours.Length).Where(i => ours[i] != theirs[i])];
        int[] cut =
        [
            .. differing.Where(i =>
                theirs[i].StartsWith(ours[i], StringComparison.Ordinal)
                || ours[i].StartsWith(theirs[i], StringComparison.Ordinal)
            ),
        ];
        output.WriteLine(
            $"{ours.Length - differing.Length} of {ours.Length} identical; of the others, one is the beginning of the "
                + $"other in {cut.Length} (limits of length)"
        );
        foreach (var i in differing.Except(cut).Take(Shown))
        {
            output.WriteLine($"line {i + 1}");
            output.WriteLine($"  this program {ours[i]}");
            output.WriteLine($"  the client   {theirs[i]}");
        }
    }
}
