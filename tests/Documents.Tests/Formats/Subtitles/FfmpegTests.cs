using System.Globalization;
using TransformerClinic.Documents.Formats.Splicing;
using TransformerClinic.Documents.Formats.Subtitles;

namespace TransformerClinic.Documents.Tests.Formats.Subtitles;

/// <summary>The times of subtitles are those that ffmpeg reads, before the translation and after it.</summary>
public class FfmpegTests
{
    /// <summary>Start and length in seconds of each cue, as ffprobe 5.1 prints them.</summary>
    public static TheoryData<string, string> Recorded =>
        new()
        {
            {
                "srt",
                "1.000000,1.500000 2.600000,1.400000 10.000000,2.000000 3733.040000,0.960000 3735.000000,2.999000"
            },
            { "vtt", "1.000000,1.000000 2.100000,0.900000 605.000000,1.500000" },
        };

    [Theory]
    [MemberData(nameof(Recorded))]
    public void Cues_have_the_recorded_times(string format, string times)
    {
        var lines = SourceLine.Of(Samples.Text($"film.{format}"));
        var cues = format == "srt" ? CueReader.Srt(lines) : CueReader.Vtt(lines);

        Assert.Equal(
            times,
            string.Join(
                ' ',
                cues.Select(cue =>
                    string.Create(
                        CultureInfo.InvariantCulture,
                        $"{cue.From.TotalSeconds:0.000000},{(cue.To - cue.From).TotalSeconds:0.000000}"
                    )
                )
            )
        );
    }

    [Theory]
    [MemberData(nameof(Recorded))]
    public void Ffmpeg_reads_the_same_times_after_the_translation(string format, string times)
    {
        using var folder = new TemporaryFolder();
        var before = Samples.Bytes($"film.{format}");
        foreach (
            var translator in new[] { FakeTranslators.Capitals, FakeTranslators.Saying("x"), FakeTranslators.Reversing }
        )
        {
            var after = folder.Write($"after.{format}", RoundTrip.Translate(format, before, translator));

            Assert.Equal(times, Times(Samples.PathOf($"film.{format}")));
            Assert.Equal(times, Times(after));
        }
    }

    private static string Times(string path) =>
        string.Join(
            ' ',
            OtherProgram
                .Output(
                    "ffprobe",
                    "ffmpeg",
                    "-v",
                    "error",
                    "-show_entries",
                    "packet=pts_time,duration_time",
                    "-of",
                    "csv=p=0",
                    path
                )
                .Split((char[])['\n', '\r', ' '], StringSplitOptions.RemoveEmptyEntries)
                .Select(line => line.TrimEnd(','))
                .Where(line => line.Length > 0)
        );
}
