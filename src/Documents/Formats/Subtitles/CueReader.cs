using System.Globalization;
using System.Text.RegularExpressions;
using TransformerClinic.Documents.Formats.Splicing;

namespace TransformerClinic.Documents.Formats.Subtitles;

/// <summary>Finds the cues of subtitles: their times and lines.</summary>
internal static partial class CueReader
{
    private static readonly string[] Blocks = ["NOTE", "STYLE", "REGION"];

    /// <summary>
    /// The cues of SubRip. A cue begins with a line of times, which a number precedes; blank lines within its text
    /// happen.
    /// </summary>
    public static IReadOnlyList<Cue> Srt(IReadOnlyList<SourceLine> lines)
    {
        var starts = Enumerable.Range(0, lines.Count).Where(i => SrtTimes().IsMatch(lines[i].Text)).ToList();
        return
        [
            .. starts.Select(
                (start, number) =>
                {
                    var end = number + 1 < starts.Count ? starts[number + 1] : lines.Count;
                    var hasNumber = end < lines.Count && end > start + 1 && Number().IsMatch(lines[end - 1].Text);
                    var text = lines.Take(hasNumber ? end - 1 : end).Skip(start + 1);
                    return Of(SrtTimes().Match(lines[start].Text), text.Where(line => !line.IsBlank));
                }
            ),
        ];
    }

    /// <summary>The cues of WebVTT; blocks of the header, notes, styles and regions are left out.</summary>
    public static IReadOnlyList<Cue> Vtt(IReadOnlyList<SourceLine> lines)
    {
        var cues = new List<Cue>();
        var at = 0;
        while (at < lines.Count)
        {
            var block = lines.Skip(at).TakeWhile(line => !line.IsBlank).ToList();
            var times = block.FindIndex(HasArrow);
            var text = block.Skip(times + 1).TakeWhile(line => !HasArrow(line)).ToList();
            if (at > 0 && times is 0 or 1 && VttTimes().Match(block[times].Text) is { Success: true } found)
            {
                var isOther =
                    times == 1 && Blocks.Any(name => block[0].Text.StartsWith(name, StringComparison.Ordinal));
                cues.AddRange(isOther ? [] : [Of(found, text)]);
            }

            // A line with an arrow ends a cue even without a blank line before it.
            var isWhole = times < 0 || times + 1 + text.Count == block.Count;
            at += isWhole ? block.Count + 1 : times + 1 + text.Count;
        }

        return cues;
    }

    private static bool HasArrow(SourceLine line) => line.Text.Contains("-->", StringComparison.Ordinal);

    private static Cue Of(Match times, IEnumerable<SourceLine> lines) =>
        new(Time(times.Groups[1].Value), Time(times.Groups[2].Value), [.. lines]);

    private static TimeSpan Time(string text)
    {
        var seconds = text.Replace(',', '.')
            .Split(':')
            .Aggregate(0.0, (sum, part) => (60 * sum) + double.Parse(part, CultureInfo.InvariantCulture));
        return TimeSpan.FromSeconds(Math.Min(seconds, 1e6));
    }

    [GeneratedRegex(@"^\s*(\d{1,4}:\d{1,2}:\d{1,2}(?:[.,]\d{1,4})?)\s*-->\s*(\d{1,4}:\d{1,2}:\d{1,2}(?:[.,]\d{1,4})?)")]
    private static partial Regex SrtTimes();

    [GeneratedRegex(@"^\s*((?:\d{1,4}:)?\d\d:\d\d[.,]\d{3})\s+-->\s+((?:\d{1,4}:)?\d\d:\d\d[.,]\d{3})(?:\s|$)")]
    private static partial Regex VttTimes();

    [GeneratedRegex(@"^\s*\d{1,9}\s*$")]
    private static partial Regex Number();
}
