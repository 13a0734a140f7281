namespace TransformerClinic.Cli.Tests;

/// <summary>A folder that the user names for a model is replaced only if it contains a model.</summary>
[Trait("Speed", "Slow")]
public sealed class ReplacedFolderTests(TrainedTinyRun trained) : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    [Theory]
    [InlineData("average")]
    [InlineData("fold")]
    public void A_folder_with_anything_else_is_refused_and_unchanged(string verb)
    {
        var notes = _folder.Write("notes/precious.txt", "mine");
        AssertRefused(verb, Path.GetDirectoryName(notes)!, "precious.txt");
        AssertRefused(verb, trained.Run, "contains something other than");
        AssertRefused(verb, Path.Combine(trained.Run, "checkpoints"), "contains something other than");
        AssertRefused(verb, notes, "is a file");
        AssertRefused(verb, Path.Combine(notes, "model"), "is a file");
    }

    [Fact]
    public void A_model_replaces_a_model_and_nothing_else()
    {
        var output = _folder.PathOf("averaged");
        Directory.CreateDirectory(output);
        foreach (var last in new[] { "1", "2" })
        {
            var result = InProcess.Run("average", trained.Run, "--last", last, "--output", output);
            Assert.True(result.ExitCode == 0, result.Error);
        }

        Assert.Equal(
            ["config.json", "model.safetensors", "subwords.json"],
            Directory.EnumerateFiles(output).Select(Path.GetFileName).Order(StringComparer.Ordinal)
        );
    }

    [Fact]
    public void Training_does_not_replace_the_users_files_in_the_runs_model_and_says_so_before_it_starts()
    {
        using var tiny = new TinyRun();
        Assert.Equal(
            0,
            InProcess.Run("train", tiny.Recipe, "--run", tiny.Run, "--set", "training.maxUpdates=2").ExitCode
        );
        var card = Path.Combine(tiny.Run, "model", "README.md");
        File.WriteAllText(card, "mine");

        var result = InProcess.Run("train", tiny.Recipe, "--run", tiny.Run);

        Assert.True(result.ExitCode == 2, $"exit code {result.ExitCode}: {result.Error}");
        Assert.Contains("(for example README.md)", result.Error, StringComparison.Ordinal);
        Assert.Equal("mine", File.ReadAllText(card));
    }

    public void Dispose() => _folder.Dispose();

    private void AssertRefused(string verb, string output, string expected)
    {
        var before = Contents();
        var result = InProcess.Run(verb, trained.Run, "--output", output);
        Assert.True(result.ExitCode == 2, $"exit code {result.ExitCode}: {result.Error}");
        Assert.Contains(expected, result.Error, StringComparison.Ordinal);
        Assert.Equal(before, Contents());
    }

    /// <summary>All files of the folder and of the run, with their times.</summary>
    private IEnumerable<(string, DateTime)> Contents() =>
        new[] { _folder.FullName, trained.Run }
            .SelectMany(folder => Directory.EnumerateFileSystemEntries(folder, "*", SearchOption.AllDirectories))
            .Order(StringComparer.Ordinal)
            .Select(path => (path, File.GetLastWriteTimeUtc(path)))
            .ToList();
}
