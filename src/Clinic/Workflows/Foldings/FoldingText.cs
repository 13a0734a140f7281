using TransformerClinic.Common;
using TransformerClinic.Data;
using TransformerClinic.Decoding;
using TransformerClinic.Files;
using TransformerClinic.Recipes;
using TransformerClinic.Runs;
using TransformerClinic.Runs.Certificates;
using TransformerClinic.Text;

namespace TransformerClinic.Workflows.Foldings;

/// <summary>The sentences that two models are compared on.</summary>
/// <param name="Files">The files that they come from.</param>
/// <param name="Sources">Source sentences.</param>
/// <param name="Targets">Their translations; null if there are none but the model's own.</param>
internal sealed record FoldingText(
    IReadOnlyList<CertifiedFile> Files,
    IReadOnlyList<string> Sources,
    IReadOnlyList<string>? Targets
)
{
    /// <summary>The text that the options name, or the test set of the run that contains the model.</summary>
    /// <exception cref="OperationCanceledException">The token was canceled.</exception>
    /// <exception cref="UserErrorException">There is none, or the files cannot be used.</exception>
    public static FoldingText Read(FoldOptions options, ModelSource model, CancellationToken stop) =>
        options switch
        {
            { Test: { } test } => Pairs(test, stop),
            { Source: { } source } => Lines(source, stop),
            _ => Pairs(TestSetOf(model, options.Model), stop),
        };

    /// <summary>
    /// The sentences that both models can read, as ids; where there are no targets, the translations are.
    /// </summary>
    /// <exception cref="UserErrorException">There is none.</exception>
    public IReadOnlyList<ParallelExample> Examples(
        SubwordModel subwords,
        int maxPositions,
        IReadOnlyList<Translation> translations
    )
    {
        ParallelExample[] examples =
        [
            .. Sources
                .Select(
                    (source, i) =>
                        new ParallelExample(
                            [.. subwords.Encode(source), Vocabulary.EndOfSentence],
                            Targets is null
                                ? translations[i].Hypotheses is [var best, ..]
                                    ? best.Tokens
                                    : []
                                : [.. subwords.EncodeTarget(Targets[i]), Vocabulary.EndOfSentence]
                        )
                )
                .Where(example =>
                    example.Source.Length > 1
                    && example.Target.Length > 0
                    && Math.Max(example.Source.Length, example.Target.Length) <= maxPositions
                ),
        ];
        return examples.Length > 0
            ? examples
            : throw new UserErrorException(
                $"{string.Join(", ", Files.Select(file => file.Name))}: no sentence here can be translated: all are "
                    + $"empty or longer than the {maxPositions} subwords that the model reads."
            );
    }

    private static ParallelFiles TestSetOf(ModelSource model, string path)
    {
        const string Otherwise = "Name sentence pairs to compare them on, or source sentences.";
        if (model.Run is null)
        {
            throw new UserErrorException(
                $"{path}: the folded model is compared with the original on real sentences, and this model is not in "
                    + $"a run folder whose test set could be taken. {Otherwise}"
            )
            {
                Options = [nameof(FoldOptions.Test), nameof(FoldOptions.Source)],
            };
        }

        var test = RecipeReader.Read(Path.Combine(model.Run, RunFolder.RecipeName), []).Data.Test;
        if (test.IsNone)
        {
            throw new UserErrorException($"{path}: the recipe of this run names no test set (data.test). {Otherwise}")
            {
                Options = [nameof(FoldOptions.Test), nameof(FoldOptions.Source)],
            };
        }

        return test.Missing(model.Run) is { } missing
            ? throw new UserErrorException(
                $"{path}: the test set of this run is not there any more: {missing} {Otherwise}"
            )
            {
                Options = [nameof(FoldOptions.Test), nameof(FoldOptions.Source)],
            }
            : test;
    }

    private static FoldingText Pairs(ParallelFiles files, CancellationToken stop)
    {
        files.RequireFullPaths("the sentence pairs to compare the models on");
        var text = ParallelText.Read(files, baseFolder: "", cancellation: stop);
        return new FoldingText(
            [.. text.Hashes.Select(file => new CertifiedFile(Path.GetFileName(file.Key), file.Value))],
            [.. text.Pairs.Select(pair => pair.Source)],
            [.. text.Pairs.Select(pair => pair.Target)]
        );
    }

    private static FoldingText Lines(string path, CancellationToken stop)
    {
        var bytes = TextLines.ReadBytes(path, stop); // once: a pipe cannot be read again
        using var stream = new MemoryStream(bytes, writable: false);
        return new FoldingText(
            [new CertifiedFile(Path.GetFileName(path), ContentHash.Of(bytes))],
            TextLines.Read(stream, path),
            null
        );
    }
}
