using TorchSharp;
using TransformerClinic.Common;
using TransformerClinic.Files;
using TransformerClinic.Folding;
using TransformerClinic.Interop;
using TransformerClinic.Runs;
using TransformerClinic.Runs.Certificates;
using TransformerClinic.Text;
using static TorchSharp.torch;
using Transformer = TransformerClinic.Model.Transformer;
using WeightCopy = TransformerClinic.Model.WeightCopy;

namespace TransformerClinic.Workflows.Exports;

/// <summary>
/// Writes a trained model in another program's format, opens what it wrote, compares that with the original on real
/// sentences, and keeps it with the certificate of that comparison. What does not agree is not kept.
/// </summary>
internal sealed class ExportRun(ExportOptions options, IRunConsole console, ModelExport export)
{
    /// <summary>An export to the target of the options.</summary>
    public ExportRun(ExportOptions options, IRunConsole console)
        : this(options, console, ModelExport.Of(OptionCheck.Valid(options, "export"))) { }

    /// <summary>Writes, compares and keeps.</summary>
    /// <returns>The certificate; if it does not hold, nothing was kept.</returns>
    /// <exception cref="UserErrorException">
    /// The target cannot hold the model, or the output folder holds something else.
    /// </exception>
    /// <exception cref="OperationCanceledException">The token was canceled; nothing was kept.</exception>
    public ExportCertificate Run(CancellationToken stop)
    {
        var source = ModelSource.Find(options.Model);
        var contents = export.Contents(source.Config);
        contents.CheckReplaceable(options.Output);
        var subwords =
            source.Subwords as BytePairModel
            ?? throw new UserErrorException(
                $"{options.Model}: its subwords are those of another program, from which the model was imported. "
                    + "Tokenizers are written only for subwords that were learned here; take the files of that program."
            );
        using var original = source.Load(CPU);
        using var usual = original.Options.FixNorm ? WithVectorsAsUsed(original) : null;
        var (model, folded) = Prepared(usual ?? original);
        using var ownership = ReferenceEquals(model, usual ?? original) ? null : model;
        var (text, missing) = Text(source, stop);
        FolderPath.Create(Path.GetDirectoryName(Path.TrimEndingDirectorySeparator(Path.GetFullPath(options.Output)))!);
        ExportCertificate? certificate = null;
        AtomicFolder.WriteIf(
            options.Output,
            contents,
            folder =>
            {
                export.Write(folder, source.Config, subwords, model);
                certificate = Certificate(source, original, folded, folder);
                certificate = text is null
                    ? certificate with
                    {
                        NotCompared = missing,
                    }
                    : Compared(
                        certificate,
                        folder,
                        source.Config,
                        subwords,
                        model,
                        new ExportTrial(source, original, text, options, console, stop)
                    );
                Json.Write(Path.Combine(folder, ExportCertificate.FileName), certificate);
                return certificate.Holds;
            }
        );
        return certificate!;
    }

    private (Transformer Model, IReadOnlyList<StackFolding>? Folded) Prepared(Transformer original)
    {
        var (model, folded, obstacle) = Plain(export, original);
        obstacle ??= export.Obstacle(model);
        if (obstacle is null)
        {
            return (model, folded);
        }

        if (folded is not null)
        {
            model.Dispose();
        }

        throw new UserErrorException(
            $"{options.Model}: {Target(options.Target)} cannot hold this model: {obstacle} {Others(original)}"
        );
    }

    /// <summary>No target knows FixNorm: all hold word vectors with the length 1 instead.</summary>
    private static Transformer WithVectorsAsUsed(Transformer original) =>
        WeightCopy.WithOptions(original, original.Options with { FixNorm = false }, ScalarType.Float32);

    /// <summary>The model with its scales folded, where the target knows none and the model has some.</summary>
    private static (Transformer Model, IReadOnlyList<StackFolding>? Folded, string? Obstacle) Plain(
        ModelExport export,
        Transformer original
    )
    {
        if (!export.Folds || PlainStacks.Of(original) is (not null, not null))
        {
            return (original, null, null);
        }

        try
        {
            var (folded, stacks) = ResidualFolding.Fold(original);
            folded.to(ScalarType.Float32);
            return (folded, stacks, null);
        }
        catch (UserErrorException refusal)
        {
            return (original, null, refusal.Message);
        }
    }

    private string Others(Transformer original)
    {
        string[] able =
        [
            .. new[]
            {
                ExportTarget.Onnx,
                ExportTarget.Hf,
                ExportTarget.Ctranslate2,
                ExportTarget.Fairseq,
                ExportTarget.Marian,
            }
                .Where(target => target != options.Target && CanHold(target, original))
                .Select(Target),
        ];
        return able.Length == 0 ? "No other target can." : $"Export it to {string.Join(" or ", able)} instead.";
    }

    private bool CanHold(ExportTarget target, Transformer original)
    {
        var export = ModelExport.Of(options with { Target = target, Class = null });
        var (model, folded, obstacle) = Plain(export, original);
        using var ownership = folded is null ? null : model;
        return obstacle is null && export.Obstacle(model) is null;
    }

    private (TrialText? Text, string? Missing) Text(ModelSource source, CancellationToken stop)
    {
        if (options.Check is { } pairs)
        {
            return (TrialText.Pairs(pairs, source.Config, console, stop), null);
        }

        var (test, missing) = TrialText.TestSetOf(source);
        return test is null
            ? (null, $"{missing} Name sentence pairs to compare the export with the original on.")
            : (TrialText.Pairs(test, source.Config, console, stop), null);
    }

    private ExportCertificate Certificate(
        ModelSource source,
        Transformer original,
        IReadOnlyList<StackFolding>? folded,
        string folder
    ) =>
        new()
        {
            Target = Target(options.Target),
            Writer = $"TransformerClinic {RunEnvironment.ProgramVersion}",
            Source = source.Name,
            Original = CertifiedWeights.Of(source.WeightsPath, original),
            Folded = folded,
            FixNorm = original.Options.FixNorm,
            Files = ExportedFile.Of(folder),
        };

    private ExportCertificate Compared(
        ExportCertificate certificate,
        string folder,
        ModelConfig config,
        BytePairModel subwords,
        Transformer model,
        ExportTrial trial
    )
    {
        using var exported = export.Open(folder, config, model);
        using var int8 = export.OpenInt8(folder, model);
        return exported is null
            ? certificate with
            {
                Text = trial.Files,
                Subwords = export.Cut(folder, subwords, trial.Sentences),
            }
            : certificate with
            {
                Text = trial.Files,
                Comparison = export.IsRounded ? null : trial.Compare(exported, exact: true),
                Int8 =
                    export.IsRounded ? trial.Compare(exported, exact: false)
                    : int8 is null ? null
                    : trial.Compare(int8, exact: false),
            };
    }

    private static string Target(ExportTarget target) => OptionKey.Format(target);
}
