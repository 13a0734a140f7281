using TransformerClinic.Files;
using TransformerClinic.Folding;
using TransformerClinic.Interop;
using static TorchSharp.torch;

namespace TransformerClinic.Runs.Foldings;

/// <summary>
/// Folds a trained model, tries the result on real sentences, and writes it with the certificate of that trial. What fails
/// the trial is not written.
/// </summary>
public sealed class FoldRun(FoldOptions options, IRunConsole console)
{
    /// <summary>Folds, tries and writes.</summary>
    /// <returns>The certificate; if it does not hold, nothing was written.</returns>
    /// <exception cref="UserErrorException">The model cannot be folded, there is nothing to try it on, or the output folder holds something else.</exception>
    /// <exception cref="OperationCanceledException">The token was cancelled; nothing was written.</exception>
    public FoldingCertificate Run(CancellationToken stop)
    {
        CheckOptions();
        var source = ModelSource.Find(options.Model);
        using var original = source.Load(CPU);
        var (folded, stacks) = ResidualFolding.Fold(original);
        using var ownership = folded;
        var text = FoldingText.Read(options, source);
        FoldingCertificate? certificate = null;
        TrainedModel.Save(
            options.Output,
            source.Config with { Model = folded.Options, Profile = null },
            source.Subwords,
            stream => ModuleWeights.Write(stream, folded),
            folder =>
            {
                certificate = Try(source, folded, ModelSource.Find(folder), stacks, text, stop);
                Json.Write(Path.Combine(folder, FoldingCertificate.FileName), certificate);
                return certificate.Holds;
            });
        return certificate!;
    }

    private FoldingCertificate Try(ModelSource source, Model.Transformer folded, ModelSource stored, IReadOnlyList<StackFolding> stacks, FoldingText text, CancellationToken stop)
    {
        using var models = new FoldedPair(source, folded, stored);
        var threads = Devices.Workers(CPU, options.Threads);
        var comparer = new TranslationComparer(source, threads, console, stop);
        var translations = comparer.Translate(models.Original32, text.Sources, "original");
        var batches = LogitComparer.Choose(text.Examples(source.Subwords, source.Config.Model.MaxPositions, translations), options.Batches);
        return new FoldingCertificate
        {
            Source = source.Name,
            Original = CertifiedWeights.Of(source.WeightsPath, models.Original32),
            Folded = CertifiedWeights.Of(stored.WeightsPath, models.Stored32),
            Stacks = stacks,
            Text = text.Files,
            Logits = console.Work("comparing logits", "batches", batches.Count, progress => LogitComparer.Compare(models, batches, threads, new CountProgress(progress), stop)),
            Translations = comparer.Compare(models, text.Sources, translations),
        };
    }

    private void CheckOptions()
    {
        if (options.Batches < 1)
        {
            throw new UserErrorException($"--batches {options.Batches}: logits are compared over at least one batch.");
        }

        var output = options.Output;
        if (File.Exists(output))
        {
            throw new UserErrorException($"{output}: this is a file; the folded model is a folder.");
        }

        if (Directory.Exists(output) && Directory.EnumerateFileSystemEntries(output).Any() && !File.Exists(Path.Combine(output, FoldingCertificate.FileName)))
        {
            throw new UserErrorException($"{output}: this folder holds something else than a folded model, and would be replaced. Name a new or empty one.");
        }
    }
}
