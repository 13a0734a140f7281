using System.Text.Json;

namespace TransformerClinic.Cli.Tests.Commands;

[Trait("Speed", "Slow")]
public sealed class PrepareCommandTests : IDisposable
{
    private readonly TinyRun _tiny = new();

    private string Prepared => _tiny.PathOf("prepared");

    public void Dispose() => _tiny.Dispose();

    [Fact]
    public void Text_is_prepared_once_and_training_uses_it_with_the_same_examples()
    {
        var first = ClinicProcess.Run("prepare", _tiny.Recipe, "-o", Prepared);
        Assert.True(first.ExitCode == 0, first.Error);
        Assert.Contains("train: 400 of 400 pairs kept", first.Error, StringComparison.Ordinal);
        Assert.StartsWith("400 pairs, ", first.Output, StringComparison.Ordinal);
        Assert.Contains($"stored in {Prepared}; to train with it", first.Output, StringComparison.Ordinal);

        // Without its text, only a stored set can be used.
        var written = File.GetLastWriteTimeUtc(Path.Combine(Prepared, "manifest.json"));
        var again = InProcess.Run("prepare", _tiny.Recipe, "--output", Prepared);
        Assert.Equal((0, first.Output), (again.ExitCode, again.Output));
        Assert.Contains($"the training set is stored in {Prepared}", again.Error, StringComparison.Ordinal);
        Assert.Equal(written, File.GetLastWriteTimeUtc(Path.Combine(Prepared, "manifest.json")));

        Train("with", "--set", $"data.prepared={Prepared}");
        Train("without");
        Assert.Equal(Ids(_tiny.PathOf("without")), Ids(_tiny.PathOf("with")));
        Assert.Equal(
            File.ReadAllBytes(_tiny.PathOf("without/model/model.safetensors")),
            File.ReadAllBytes(_tiny.PathOf("with/model/model.safetensors"))
        );
    }

    [Fact]
    public void Words_that_are_counted_in_parts_give_the_same_training_set()
    {
        foreach (var i in new[] { 2, 0, 1 })
        {
            var counted = ClinicProcess.Run("prepare", _tiny.Recipe, "-o", Prepared, "--part", $"{i}/3", "--count");
            Assert.True(counted.ExitCode == 0, counted.Error);
            Assert.StartsWith($"part {i}/3: ", counted.Output, StringComparison.Ordinal);
        }

        var again = InProcess.Run("prepare", _tiny.Recipe, "-o", Prepared, "--part", "1/3", "--count");
        Assert.Contains("the words of this part are counted already", again.Error, StringComparison.Ordinal);
        Assert.EndsWith("3 of 3 parts are counted\n", again.Output, StringComparison.Ordinal);

        var merged = InProcess.Run("prepare", _tiny.Recipe, "-o", Prepared, "--json");
        var whole = InProcess.Run("prepare", _tiny.Recipe, "-o", _tiny.PathOf("whole"), "--json");
        Assert.True(merged.ExitCode == 0, merged.Error);
        Assert.Equal(IdsOf(whole.Output), IdsOf(merged.Output));
        Assert.Equal(
            File.ReadAllBytes(_tiny.PathOf("whole/subwords.json")),
            File.ReadAllBytes(Path.Combine(Prepared, "subwords.json"))
        );
    }

    [Fact]
    public void Several_corpora_are_prepared_and_trained_on_with_their_weights()
    {
        File.WriteAllText(_tiny.PathOf("more.tsv"), "eins zwei\tone two\n\tone\n");
        string[] corpora = ["--set", "data.train=[{files: train.tsv}, {files: more.tsv, weight: 2.5}]"];
        var result = InProcess.Run([
            "train",
            _tiny.Recipe,
            "--run",
            _tiny.Run,
            "--set",
            "training.maxUpdates=2",
            .. corpora,
        ]);
        Assert.True(result.ExitCode == 0, result.Error);
        Assert.Contains(
            "train: 401 of 402 pairs kept; dropped: 1 with an empty side, in more.tsv (first: line 2)",
            result.Error,
            StringComparison.Ordinal
        );
        Assert.Contains(
            "more.tsv\"], weight: 2.5}]",
            File.ReadAllText(Path.Combine(_tiny.Run, "recipe.yaml")),
            StringComparison.Ordinal
        );
    }

    [Theory]
    [InlineData("--count", "--count counts the words of one part of the training text: name it")]
    [InlineData("--part 0/2", "--part needs --count")]
    [InlineData("--count --part 2/2", "--part 2/2: There is no part 2 of 2: parts are numbered from 0 to 1.")]
    [InlineData("--count --part half", "--part half: 'half' is not a part")]
    [InlineData("--set data.train=nothing.tsv", "data.train: there is no file")]
    [InlineData("--count --part 0/2 --set data.train=nothing.tsv", "data.train: there is no file")]
    [InlineData("--count --part 0/2 --set training.from=model", "training.from is ")]
    [InlineData("--set data.train=[{}]", "entry 1 of the list has no files:")]
    [InlineData("--set data.valid=[{files:\u00A0valid.tsv}]", "entry 1 of the list")]
    public void Mistakes_are_named_and_nothing_is_stored(string options, string message)
    {
        var result = InProcess.Run(["prepare", _tiny.Recipe, "-o", Prepared, .. options.Split(' ')]);
        Assert.Equal(2, result.ExitCode);
        Assert.Contains(message, result.Error, StringComparison.Ordinal);
        Assert.False(Path.Exists(Prepared));
    }

    [Fact]
    public void A_folder_of_other_files_is_not_replaced()
    {
        Directory.CreateDirectory(Prepared);
        File.WriteAllText(Path.Combine(Prepared, "letter.txt"), "mine");
        var result = InProcess.Run("prepare", _tiny.Recipe, "-o", Prepared);
        Assert.Equal(2, result.ExitCode);
        Assert.Contains("letter.txt", result.Error, StringComparison.Ordinal);
        Assert.Equal("mine", File.ReadAllText(Path.Combine(Prepared, "letter.txt")));
    }

    [Fact]
    public void Damaged_counts_and_counts_of_other_text_are_refused_with_the_file()
    {
        Assert.Equal(0, InProcess.Run("prepare", _tiny.Recipe, "-o", Prepared, "--part", "0/1", "--count").ExitCode);
        var counts = Path.Combine($"{Prepared}.counts", "part-0-of-1.counts");
        var bytes = File.ReadAllBytes(counts);
        File.WriteAllBytes(counts, bytes[..^10]);
        AssertRefused("this file of counted words is damaged");

        File.WriteAllBytes(counts, bytes);
        File.AppendAllText(_tiny.PathOf("train.tsv"), "eins\tone\n");
        AssertRefused("are not of this part of the training text");

        // Counting it again mends both.
        Assert.Equal(0, InProcess.Run("prepare", _tiny.Recipe, "-o", Prepared, "--part", "0/1", "--count").ExitCode);
        Assert.Equal(0, InProcess.Run("prepare", _tiny.Recipe, "-o", Prepared).ExitCode);

        void AssertRefused(string message)
        {
            var result = InProcess.Run("prepare", _tiny.Recipe, "-o", Prepared);
            Assert.Equal(2, result.ExitCode);
            Assert.Contains(counts, result.Error, StringComparison.Ordinal);
            Assert.Contains(message, result.Error, StringComparison.Ordinal);
            Assert.False(Path.Exists(Prepared));
        }
    }

    [Fact]
    public void Stopped_it_leaves_nothing_that_is_not_finished()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "named pipes need Unix");
        Assert.SkipWhen(ClinicProcess.InterruptsAreIgnored(), "this process was started with SIGINT ignored");
        var pipe = NamedPipe.Make(_tiny.PathOf("pipe"));
        using var process = ClinicProcess.Start(
            "prepare",
            _tiny.Recipe,
            "-o",
            _tiny.PathOf("out/prepared"),
            "--set",
            $"data.train={pipe}"
        );
        ClinicProcess.WaitUntil(process, () => Directory.Exists(_tiny.PathOf("out")));
        Thread.Sleep(500); // until it waits for the pipe
        ClinicProcess.Signal(process, "INT");
        var result = ClinicProcess.Finish(process);
        Assert.Equal((130, "clinic: Stopped.\n"), (result.ExitCode, result.Error[^"clinic: Stopped.\n".Length..]));
        Assert.Empty(Directory.GetFileSystemEntries(_tiny.PathOf("out")));
    }

    private void Train(string run, params string[] options)
    {
        var result = InProcess.Run([
            "train",
            _tiny.Recipe,
            "--run",
            _tiny.PathOf(run),
            "--set",
            "training.maxUpdates=3",
            .. options,
        ]);
        Assert.True(result.ExitCode == 0, result.Error);
    }

    private static string Ids(string run)
    {
        using var json = JsonDocument.Parse(File.ReadAllBytes(Path.Combine(run, "data.json")));
        return json.RootElement.GetProperty("ids").GetRawText();
    }

    private static string? IdsOf(string output)
    {
        using var json = JsonDocument.Parse(output);
        return json.RootElement.GetProperty("ids").GetString();
    }
}
