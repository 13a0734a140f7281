using TransformerClinic.Data;
using TransformerClinic.Text;

namespace TransformerClinic.Tests.Shared;

/// <summary>The corpus that comes with the project, prepared once for all tests.</summary>
internal static class HelpCorpus
{
    public const int Merges = 4000;
    public const int MaxPositions = 1024;

    public static readonly DataOptions Options = new()
    {
        SourceLanguage = "de",
        TargetLanguage = "en",
        Train = new("train.de-en.tsv"),
        Valid = new("valid.de-en.tsv"),
        Test = new("test.de-en.tsv"),
    };

    private static readonly Lazy<PreparedCorpus> Once = new(() =>
        PreparedCorpus.Prepare(Options, new SubwordOptions { Merges = Merges }, MaxPositions, Folder)
    );

    public static string Folder => RepositoryRoot.PathOf("corpora", "libreoffice-help");

    public static PreparedCorpus Prepared => Once.Value;

    /// <summary>Every sentence of every file, both languages.</summary>
    public static IEnumerable<string> Lines =>
        new[] { Options.Train, Options.Valid, Options.Test }
            .SelectMany(files => File.ReadLines(Path.Combine(Folder, files.Paths[0])))
            .SelectMany(line => line.Split('\t'));
}
