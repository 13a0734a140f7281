using TransformerClinic.Common;
using TransformerClinic.Data;
using TransformerClinic.Decoding;
using TransformerClinic.Files;

namespace TransformerClinic.Workflows;

/// <summary>The test set of a run, translated with its final model.</summary>
internal static class TestTranslation
{
    /// <summary>Translates it and writes sources, references and translations into the run folder.</summary>
    /// <param name="parts">The run, with its final model.</param>
    /// <param name="test">The test set.</param>
    /// <param name="console">Shows progress, and is told which lines cannot be translated.</param>
    /// <param name="stop">Ends it.</param>
    /// <returns>The translations.</returns>
    /// <exception cref="OperationCanceledException">The token was canceled.</exception>
    public static IReadOnlyList<string> Of(
        RunParts parts,
        PreparedSet test,
        IRunConsole console,
        CancellationToken stop
    )
    {
        var sources = test.Pairs.Select(pair => pair.Source).ToList();
        using var translator = new Translator(parts.Model, parts.Corpus.Subwords, parts.Recipe.Decoding, parts.Workers);
        var translations = console.Work(
            "translating the test set",
            "sentences",
            sources.Count,
            progress => translator.Translate(sources, new CountProgress(progress), stop)
        );
        foreach (
            var (translation, line) in translations
                .Select((translation, i) => (translation, i + 1))
                .Where(entry => entry.translation.Problem is not null)
        )
        {
            console.Say($"test line {line}: {translation.Problem}");
        }

        AtomicFile.WriteText(
            parts.Folder.Translations,
            string.Concat(
                test.Pairs.Zip(
                    translations,
                    (pair, translation) => TabSeparated.Row(pair.Source, pair.Target, translation.Text)
                )
            )
        );
        return [.. translations.Select(translation => translation.Text)];
    }
}
