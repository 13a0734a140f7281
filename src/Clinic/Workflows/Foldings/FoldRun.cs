using System.Globalization;
using TransformerClinic.Common;
using TransformerClinic.Files;
using TransformerClinic.Folding;
using TransformerClinic.Interop.Safetensors;
using TransformerClinic.Runs;
using TransformerClinic.Runs.Certificates;
using static TorchSharp.torch;

namespace TransformerClinic.Workflows.Foldings;

/// <summary>
/// Folds a trained model, tries the result on real sentences, and writes it with the certificate of that trial. What
/// fails the trial is not written.
/// </summary>
internal sealed class FoldRun
{
    // An original that was averaged or trained is not a folded model: it is not replaced by one.
    private static readonly FolderContents Contents = new(
        "a folded model",
        TrainedModel.Contents.Files,
        [.. TrainedModel.Contents.Marks, FoldingCertificate.FileName]
    );

    private readonly FoldOptions _options;
    private readonly IRunConsole _console;
    private readonly Func<Model.Transformer, FoldedModel> _fold;

    /// <summary>A folding by <see cref="ResidualFolding"/>.</summary>
    public FoldRun(FoldOptions options, IRunConsole console)
        : this(options, console, ResidualFolding.Fold) { }

    /// <summary>A folding by another algebra.</summary>
    internal FoldRun(FoldOptions options, IRunConsole console, Func<Model.Transformer, FoldedModel> fold) =>
        (_options, _console, _fold) = (options, console, fold);

    /// <summary>Folds, tries and writes.</summary>
    /// <returns>The certificate; if it does not hold, nothing was written.</returns>
    /// <exception cref="UserErrorException">
    /// The model cannot be folded, there is nothing to try it on, or the output folder holds something else.
    /// </exception>
    /// <exception cref="OperationCanceledException">The token was canceled; nothing was written.</exception>
    public FoldingCertificate Run(CancellationToken stop)
    {
        CheckOptions();
        var source = ModelSource.Find(_options.Model);
        using var original = source.Load(CPU);
        var (folded, stacks) = _fold(original);
        using var ownership = folded;
        var text = Text(source, stop);
        FoldingCertificate? certificate = null;
        TrainedModel.Save(
            _options.Output,
            source.Config with
            {
                Model = folded.Options,
                Profile = null,
            },
            source.Subwords,
            stream => ModuleWeights.Write(stream, folded),
            folder =>
            {
                certificate = Try(source, original, folded, ModelSource.Find(folder), stacks, text, stop);
                Json.Write(Path.Combine(folder, FoldingCertificate.FileName), certificate);
                return certificate.Holds;
            }
        );
        return certificate!;
    }

    private FoldingCertificate Try(
        ModelSource source,
        Model.Transformer original,
        Model.Transformer folded,
        ModelSource stored,
        IReadOnlyList<StackFolding> stacks,
        TrialText text,
        CancellationToken stop
    )
    {
        using var models = new FoldedPair(source, original, folded, stored);
        var threads = Devices.Workers(CPU, _options.Threads);
        var comparer = new TranslationComparer(source, threads, _console, stop);
        var translations = comparer.Translate(models.Original32, text.Sources, "original");
        var examples = text.Examples(source.Subwords, source.Config.Model.MaxPositions, translations);
        if (examples.Count < text.Sources.Count)
        {
            _console.Say(
                string.Create(
                    CultureInfo.InvariantCulture,
                    $"logits are compared without {text.Sources.Count - examples.Count:N0} of "
                        + $"{text.Sources.Count:N0} sentences: "
                )
                    + $"they are empty, or longer than the {source.Config.Model.MaxPositions} subwords that the "
                    + $"model reads"
            );
        }

        var batches = LogitComparer.Choose(examples, _options.Batches);
        if (batches.Count < _options.Batches)
        {
            _console.Say(
                $"the text makes {batches.Count} of the {_options.Batches} batches asked for: "
                    + "logits are compared over all of it."
            );
        }

        return new FoldingCertificate
        {
            Source = source.Name,
            Original = CertifiedWeights.Of(source.WeightsPath, models.Original32),
            Folded = CertifiedWeights.Of(stored.WeightsPath, models.Stored32),
            Stacks = stacks,
            FixNorm = original.Options.FixNorm,
            Text = text.Files,
            Logits = _console.Work(
                "comparing logits",
                "batches",
                batches.Count,
                progress => LogitComparer.Compare(models, batches, threads, new CountProgress(progress), stop)
            ),
            Translations = comparer.Compare(models, text.Sources, translations),
        };
    }

    private TrialText Text(ModelSource source, CancellationToken stop)
    {
        if (_options.Source is { } lines)
        {
            return TrialText.Lines(lines, stop);
        }

        if (_options.Test is { } pairs)
        {
            return TrialText.Pairs(pairs, source.Config, _console, stop);
        }

        var (test, missing) = TrialText.TestSetOf(source);
        return test is not null
            ? TrialText.Pairs(test, source.Config, _console, stop)
            : throw new UserErrorException(
                $"{_options.Model}: the folded model is compared with the original on real sentences, and {missing} "
                    + "Name sentence pairs to compare them on, or source sentences."
            )
            {
                Options = [nameof(FoldOptions.Test), nameof(FoldOptions.Source)],
            };
    }

    private void CheckOptions()
    {
        OptionCheck.Valid(_options, "folding");
        Contents.CheckReplaceable(_options.Output);
        TrainedModel.MakePlaceFor(_options.Output);
    }
}
