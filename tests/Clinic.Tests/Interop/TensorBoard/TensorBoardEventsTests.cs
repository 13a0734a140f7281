using System.Text;
using TransformerClinic.Interop.TensorBoard;

namespace TransformerClinic.Tests.Interop.TensorBoard;

public sealed class TensorBoardEventsTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    [Theory]
    [InlineData("123456789", 0xE3069283u)]
    [InlineData("", 0u)]
    public void The_checksum_is_CRC_32C(string text, uint expected) =>
        Assert.Equal(expected, TfRecord.Crc32C(Encoding.ASCII.GetBytes(text)));

    [Fact]
    public void The_checksum_of_32_zeros_and_of_32_ones_is_as_in_RFC_3720()
    {
        Assert.Equal(0x8a9136aau, TfRecord.Crc32C(new byte[32]));
        Assert.Equal(0x62a8ab43u, TfRecord.Crc32C(Enumerable.Repeat((byte)0xff, 32).ToArray()));
    }

    [Fact]
    public void A_record_is_framed_as_TensorFlow_frames_the_version_event()
    {
        // The first record of every event file of TensorFlow: length 24, its masked checksum; the data depend on the
        // time.
        using var stream = new MemoryStream();
        TfRecord.Write(stream, new byte[24]);

        Assert.Equal([24, 0, 0, 0, 0, 0, 0, 0, 0xa3, 0x7f, 0x4b, 0x22], stream.ToArray()[..12]);
        Assert.Equal(12 + 24 + 4, stream.Length);
    }

    [Fact]
    public void Scalars_are_read_back_with_tag_step_value_and_wall_time()
    {
        var clock = new Clock();
        string path;
        using (var events = new TensorBoardEvents(_folder.FullName, clock))
        {
            clock.Now += TimeSpan.FromSeconds(1.5);
            events.Add(1, ("train/loss", 9.25), ("train/größe", double.NaN));
            events.Add(1L << 40, ("valid/loss", -1e-3));
            path = events.Path;
        }

        var read = EventFileReader.Read(path).ToList();

        Assert.Equal("brain.Event:2", read[0].FileVersion);
        Assert.Equal(clock.Start.ToUnixTimeMilliseconds() / 1000.0, read[0].WallTime);
        Assert.Equal((1, clock.Now.ToUnixTimeMilliseconds() / 1000.0), (read[1].Step, read[1].WallTime));
        Assert.Equal([("train/loss", 9.25f), ("train/größe", float.NaN)], read[1].Values);
        Assert.Equal(1L << 40, read[2].Step);
        Assert.Equal([("valid/loss", -1e-3f)], read[2].Values);
        Assert.Equal(3, read.Count);
    }

    [Fact]
    public void A_clock_that_jumps_back_loses_no_record()
    {
        var clock = new Clock();
        using (var first = new TensorBoardEvents(_folder.FullName, clock))
        {
            first.Add(1, ("train/loss", 3));
            clock.Now -= TimeSpan.FromDays(400);
            first.Add(2, ("train/loss", 2));
        }

        using (var second = new TensorBoardEvents(_folder.FullName, clock))
        {
            second.Add(3, ("train/loss", 1));
        }

        var steps = Directory
            .EnumerateFiles(_folder.FullName)
            .SelectMany(EventFileReader.Read)
            .Where(read => read.FileVersion is null)
            .Select(read => read.Step);
        Assert.Equal([1, 2, 3], steps.Order());
    }

    [Fact]
    public void A_resumed_run_starts_a_new_file_even_within_the_same_second()
    {
        var clock = new Clock();
        using var first = new TensorBoardEvents(_folder.FullName, clock);
        using var second = new TensorBoardEvents(_folder.FullName, clock);

        Assert.NotEqual(first.Path, second.Path);
        Assert.All(
            [first, second],
            events => Assert.StartsWith("events.out.tfevents.", Path.GetFileName(events.Path), StringComparison.Ordinal)
        );
    }

    [Fact]
    public void Added_values_can_be_read_while_the_run_continues()
    {
        using var events = new TensorBoardEvents(_folder.FullName);
        events.Add(7, ("loss", 1));

        Assert.Equal(7, EventFileReader.Read(events.Path).Last().Step);
    }

    public void Dispose() => _folder.Dispose();

    private sealed class Clock : TimeProvider
    {
        public DateTimeOffset Start { get; } = DateTimeOffset.FromUnixTimeMilliseconds(1_700_000_000_125);

        public DateTimeOffset Now { get; set; } = DateTimeOffset.FromUnixTimeMilliseconds(1_700_000_000_125);

        public override DateTimeOffset GetUtcNow() => Now;
    }
}
