using TransformerClinic.Common;
using TransformerClinic.Data;
using TransformerClinic.Decoding;
using TransformerClinic.Files;
using TransformerClinic.Recipes;
using TransformerClinic.Runs;
using TransformerClinic.Runs.Certificates;
using TransformerClinic.Text;

namespace TransformerClinic.Workflows;

/// <summary>The sentences that two models are compared on.</summary>
/// <param name="Files">The files that they come from.</param>
/// <param name="Sources">Source sentences.</param>
/// <param name="Targets">Their translations; null if there are none but the model's own.</param>
internal sealed record TrialText(
    IReadOnlyList<CertifiedFile> Files,
    IReadOnlyList<string> Sources,
    IReadOnlyList<string>? Targets
)
{
    /// <summary>Sentence pairs.</summary>
    /// <param name="files">The files, as full paths.</param>
    /// <param name="model">The model's configuration, which names its languages.</param>
    /// <param name="console">Hears what of a translators' file cannot be used.</param>
    /// <param name="stop">Ends the reading.</param>
    /// <exception cref="OperationCanceledException">The token was canceled.</exception>
    /// <exception cref="UserErrorException">The files cannot be used.</exception>
    public static TrialText Pairs(ParallelFiles files, ModelConfig model, IRunConsole console, CancellationToken stop)
    {
        files.RequireFullPaths("the sentence pairs to compare the models on");
        var languages = LanguagePair.Of(model.SourceLanguage, model.TargetLanguage) with
        {
            Remedy = "The languages are those that the model's configuration names.",
        };
        var text = ParallelText.Read(files, baseFolder: "", languages, cancellation: stop);
        if (text.Languages is not null)
        {
            console.Say(text.Reading.ToString());
        }

        return new TrialText(
            [.. text.Hashes.Select(file => new CertifiedFile(Path.GetFileName(file.Key), file.Value))],
            [.. text.Pairs.Select(pair => pair.Source)],
            [.. text.Pairs.Select(pair => pair.Target)]
        );
    }

    /// <summary>Source sentences, one per line.</summary>
    /// <inheritdoc cref="Pairs" path="/exception"/>
    public static TrialText Lines(string path, CancellationToken stop)
    {
        var bytes = TextLines.ReadBytes(path, stop); // once: a pipe cannot be read again
        using var stream = new MemoryStream(bytes, writable: false);
        return new TrialText(
            [new CertifiedFile(Path.GetFileName(path), ContentHash.Of(bytes))],
            TextLines.Read(stream, path),
            null
        );
    }

    /// <summary>The test set of the run that contains a model, or in words why there is none.</summary>
    public static (ParallelFiles? Files, string? Missing) TestSetOf(ModelSource model)
    {
        if (model.Run is null)
        {
            return (null, "this model is not in a run folder whose test set could be taken.");
        }

        var test = RecipeReader.Read(Path.Combine(model.Run, RunFolder.RecipeName), []).Data.Test;
        return test.IsNone ? (null, "the recipe of this run names no test set (data.test).")
            : test.Missing(model.Run) is { } missing
                ? (null, $"the test set of this run is not there any more: {missing}")
            : (test, null);
    }

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
}
