using System.Text;
using CsCheck;
using TransformerClinic.Runs;
using TransformerClinic.Web.Runs;

namespace TransformerClinic.Web.Tests.Runs;

public sealed class LogTailTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    private string Log => _folder.PathOf("log.jsonl");

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void A_line_arrives_once_it_is_whole()
    {
        var tail = new LogTail(Log);
        Assert.True(tail.Read().IsEmpty);

        foreach (var piece in (string[])["{\"a\"", ":\"ä", "\"}"])
        {
            File.AppendAllText(Log, piece);
            Assert.True(tail.Read().IsEmpty);
        }

        File.AppendAllText(Log, "\n{\"b\":1}\n{\"c\"");
        Assert.Equal(["{\"a\":\"ä\"}", "{\"b\":1}"], TextsOf(tail.Read()));
        Assert.True(tail.Read().IsEmpty);

        File.AppendAllText(Log, ":2}\n");
        Assert.Equal(["{\"c\":2}"], TextsOf(tail.Read()));
        Assert.Equal(new FileInfo(Log).Length, tail.Position.Offset);
    }

    [Fact]
    public void A_letter_that_is_cut_in_two_arrives_whole()
    {
        var bytes = Encoding.UTF8.GetBytes("ä\n");
        var tail = new LogTail(Log);

        File.WriteAllBytes(Log, bytes[..1]);
        Assert.True(tail.Read().IsEmpty);
        File.WriteAllBytes(Log, bytes);

        Assert.Equal(["ä"], TextsOf(tail.Read()));
    }

    [Fact]
    public void A_rollback_takes_lines_away_and_its_own_line_follows()
    {
        using var run = new LoggedRun(_folder.PathOf("run")).Train(10, 20, 30, 40);
        var tail = new LogTail(run.LogPath);
        var before = tail.Read().Lines;

        run.GoBackTo(20);
        var news = tail.Read();

        Assert.Equal(before[1].End, news.BackTo);
        Assert.Equal([LogKind.Rollback], news.Lines.Select(line => LogLines.Parse(line.Text)!.Kind));
        Assert.True(tail.Read().IsEmpty);
    }

    [Fact]
    public void A_rollback_is_noticed_even_if_the_log_is_longer_than_before_by_then()
    {
        using var run = new LoggedRun(_folder.PathOf("run")).Train(10, 20, 30, 40);
        var tail = new LogTail(run.LogPath);
        var before = tail.Read().Lines;
        var length = new FileInfo(run.LogPath).Length;

        run.GoBackTo(20);
        run.Train(31, 41, 51, 61);
        var news = tail.Read();

        Assert.True(new FileInfo(run.LogPath).Length > length);
        Assert.Equal(before[1].End, news.BackTo);
        Assert.Equal([20L, 31, 41, 51, 61], news.Lines.Select(line => LogLines.Parse(line.Text)!.Step));
    }

    [Fact]
    public void A_run_that_resumes_takes_lines_away()
    {
        using (var run = new LoggedRun(_folder.PathOf("run")))
        {
            run.Train(10, 20, 30);
        }

        var path = Path.Combine(_folder.PathOf("run"), "log.jsonl");
        var tail = new LogTail(path);
        var before = tail.Read().Lines;
        using var resumed = RunLog.Open(path, 20);

        var news = tail.Read();

        Assert.Equal(before[1].End, news.BackTo);
        Assert.Empty(news.Lines);
    }

    [Fact]
    public void Another_file_in_the_place_of_the_log_is_read_from_its_beginning()
    {
        File.WriteAllText(Log, "1\n2\n3\n");
        var tail = new LogTail(Log);
        tail.Read();

        File.Delete(Log);
        File.WriteAllText(Log, "4\n5\n6\n7\n");
        var news = tail.Read();

        Assert.Equal(LogPosition.Start, news.BackTo);
        Assert.Equal(["4", "5", "6", "7"], TextsOf(news));
    }

    [Fact]
    public void A_log_that_is_moved_away_and_back_is_not_read_again()
    {
        File.WriteAllText(Log, "1\n2\n");
        var tail = new LogTail(Log);
        tail.Read();

        File.Move(Log, Log + ".away");
        Assert.True(tail.Read().IsEmpty);
        File.Move(Log + ".away", Log);
        File.AppendAllText(Log, "3\n");

        Assert.Equal(["3"], TextsOf(tail.Read()));
    }

    [Fact]
    public void A_place_that_was_reached_before_is_taken_up()
    {
        File.WriteAllText(Log, "1\n2\n3\n");
        var second = new LogTail(Log).Read().Lines[1].End;

        Assert.Equal(["3"], TextsOf(new LogTail(Log, LogPosition.Parse(second.ToString())!.Value).Read()));
        Assert.Equal(["3"], TextsOf(new LogTail(Log, new LogPosition(second.Offset, "")).Read()));
    }

    [Theory]
    [InlineData("3")] // within a line
    [InlineData("4-00000000")] // after another line
    [InlineData("400")] // after the end
    public void A_place_that_is_none_any_more_begins_again(string place)
    {
        File.WriteAllText(Log, "1\n2\n3\n");

        var news = new LogTail(Log, LogPosition.Parse(place)!.Value).Read();

        Assert.Equal(LogPosition.Start, news.BackTo);
        Assert.Equal(["1", "2", "3"], TextsOf(news));
    }

    [Theory]
    [InlineData("")]
    [InlineData("-1")]
    [InlineData("x")]
    [InlineData("1-2-3")]
    [InlineData("1.5")]
    public void What_is_no_place_is_none(string text) => Assert.Null(LogPosition.Parse(text));

    [Fact]
    public void A_line_of_any_length_arrives()
    {
        var line = new string('x', 3_000_000);
        File.WriteAllText(Log, $"1\n{line}\n2\n");
        var tail = new LogTail(Log);
        var texts = new List<string>();
        for (var news = tail.Read(); !news.IsEmpty; news = tail.Read())
        {
            texts.AddRange(TextsOf(news));
        }

        Assert.Equal(["1", line, "2"], texts);
    }

    [Fact]
    public void Lines_arrive_once_each_whatever_pieces_they_are_written_in()
    {
        Gen.Select(Gen.Int[0, 30].Array[1, 20], Gen.Int[1, 7])
            .Sample(
                (lengths, piece) =>
                {
                    using var folder = new TemporaryFolder();
                    var path = folder.PathOf("log.jsonl");
                    var lines = lengths.Select((length, i) => $"{i}:{new string('ü', length)}").ToList();
                    var bytes = Encoding.UTF8.GetBytes(string.Concat(lines.Select(line => line + "\n")));
                    var tail = new LogTail(path);
                    var found = new List<string>();
                    using var file = new FileStream(path, FileMode.Create, FileAccess.Write, FileShare.Read);
                    foreach (var chunk in bytes.Chunk(piece))
                    {
                        file.Write(chunk);
                        file.Flush();
                        found.AddRange(TextsOf(tail.Read()));
                    }

                    Assert.Equal(lines, found);
                },
                iter: 30
            );
    }

    [Fact]
    public void A_link_is_not_followed()
    {
        _folder.Write("elsewhere", "1\n");
        File.CreateSymbolicLink(Log, _folder.PathOf("elsewhere"));

        Assert.True(new LogTail(Log).Read().IsEmpty);
    }

    [Fact]
    public void A_pipe_in_the_place_of_a_log_is_not_waited_for()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "Windows has no pipes in folders.");
        NamedPipe.Make(Log);

        Assert.True(new LogTail(Log).Read().IsEmpty);
    }

    private static IEnumerable<string> TextsOf(LogNews news) => news.Lines.Select(line => line.Text);
}
