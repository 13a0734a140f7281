using System.Runtime.InteropServices;
using TransformerClinic.Common;
using TransformerClinic.Data;
using TransformerClinic.Decoding;
using TransformerClinic.Model;
using TransformerClinic.Runs;
using TransformerClinic.Runs.Certificates;
using TransformerClinic.Scoring.Bleu;
using TransformerClinic.Text;
using TransformerClinic.Training;
using TransformerClinic.Training.Distributed;
using TransformerClinic.Workflows.Foldings;
using static TorchSharp.torch;

namespace TransformerClinic.Workflows.Exports;

/// <summary>
/// Compares exports of a model with the model itself, on real sentences: logits at the targets, and greedy search.
/// </summary>
internal sealed class ExportTrial
{
    private readonly ModelSource _source;
    private readonly Transformer _original;
    private readonly TrialText _text;
    private readonly IRunConsole _console;
    private readonly CancellationToken _stop;
    private readonly DecodingOptions _greedy;
    private readonly int _threads;
    private readonly int _batches;
    private IReadOnlyList<Translation>? _translations;

    /// <summary>A trial on a text.</summary>
    public ExportTrial(
        ModelSource source,
        Transformer original,
        TrialText text,
        ExportOptions options,
        IRunConsole console,
        CancellationToken stop
    )
    {
        (_source, _original, _text, _console, _stop) = (source, original, text, console, stop);
        _greedy = source.Config.Decoding with { Beam = 1, Precision = DecodingPrecision.Fp32 };
        (_threads, _batches) = (Devices.Workers(CPU, options.Threads), options.Batches);
    }

    /// <summary>The files of the sentences.</summary>
    public IReadOnlyList<CertifiedFile> Files => _text.Files;

    /// <summary>The sentences, of both languages.</summary>
    public IReadOnlyList<string> Sentences => [.. _text.Sources, .. _text.Targets ?? []];

    /// <summary>Compares an export.</summary>
    /// <param name="exported">The export.</param>
    /// <param name="exact">Whether differing translations are looked into; not where numbers are rounded.</param>
    public ExportComparison Compare(ExportedModel exported, bool exact)
    {
        _translations ??= Translate(DecodingModels.Of, "the original");
        var found = Translate((_, _) => exported.Decoding, exported.Client);
        return new ExportComparison(
            exported.Client,
            Logits(exported, _translations),
            Translations(_translations, found, exact),
            _text.Targets is null ? null : Bleu(_translations, found)
        );
    }

    private IReadOnlyList<Translation> Translate(
        Func<Transformer, DecodingPrecision, IDecodingModel> kernels,
        string who
    )
    {
        var options = new TranslatorOptions { Workers = _threads, Kernels = kernels };
        using var translator = new Translator([_original], _source.Subwords, _greedy, options);
        return _console.Work(
            $"translating with {who}",
            "lines",
            _text.Sources.Count,
            progress => translator.Translate(_text.Sources, new CountProgress(progress), _stop)
        );
    }

    private ExportedLogits Logits(ExportedModel exported, IReadOnlyList<Translation> translations)
    {
        var examples = _text.Examples(_source.Subwords, _source.Config.Model.MaxPositions, translations);
        var batches = LogitComparer.Choose(examples, _batches);
        return _console.Work(
            $"comparing logits with {exported.Client}",
            "batches",
            batches.Count,
            progress =>
                batches
                    .Select(
                        (batch, number) =>
                        {
                            _stop.ThrowIfCancellationRequested();
                            var difference = Difference(exported, batch);
                            new CountProgress(progress).Report((number + 1, batches.Count));
                            return new ExportedLogits(1, batch.Size, batch.TargetTokens, difference);
                        }
                    )
                    .Aggregate(
                        (sum, next) =>
                            new ExportedLogits(
                                sum.Batches + next.Batches,
                                sum.Sentences + next.Sentences,
                                sum.Tokens + next.Tokens,
                                sum.Difference.With(next.Difference)
                            )
                    )
        );
    }

    private LogitDifference Difference(ExportedModel exported, Batch batch)
    {
        using var scope = NewDisposeScope();
        using var noGradient = no_grad();
        var original = ModelReplicas.Logits(_original, TensorBatch.Of(batch, CPU));
        return LogitComparer.Difference<float>(original, WithoutRuledOutMarks(original, exported.Logits(batch)));
    }

    /// <summary>
    /// No search generates the first mark or padding, and programs that do not have them rule them out: not a
    /// difference.
    /// </summary>
    private static Tensor WithoutRuledOutMarks(Tensor original, Tensor exported)
    {
        foreach (var mark in new[] { Vocabulary.Bos, Vocabulary.Pad })
        {
            var logits = exported.select(1, mark);
            logits.copy_(where(logits.isneginf(), original.select(1, mark), logits));
        }

        return exported;
    }

    private ExportedTranslations Translations(
        IReadOnlyList<Translation> original,
        IReadOnlyList<Translation> exported,
        bool exact
    )
    {
        var pairs = original.Zip(exported, (one, other) => (One: Best(one), Other: Best(other))).ToList();
        int[] differing =
        [
            .. pairs.Index().Where(pair => !pair.Item.One.SequenceEqual(pair.Item.Other)).Select(pair => pair.Index),
        ];
        var sentences = original.Count(translation => translation.Hypotheses.Count > 0);
        return new ExportedTranslations(
            sentences,
            sentences - differing.Length,
            pairs.Sum(pair => pair.One.Length),
            pairs.Sum(pair => CommonPrefix(pair.One, pair.Other)),
            exact ? [.. differing.Select(i => Differing(i, original[i], exported[i]))] : []
        );
    }

    private DifferingExport Differing(int index, Translation original, Translation exported)
    {
        var (ours, theirs) = (Best(original), Best(exported));
        var at = CommonPrefix(ours, theirs);
        return new DifferingExport(
            index + 1,
            _text.Sources[index],
            original.Text,
            exported.Text,
            at + 1,
            at < Math.Min(ours.Length, theirs.Length)
                ? Gap(original.Source, ours, at, theirs[at])
                : double.PositiveInfinity
        );
    }

    /// <summary>How far two candidates' logits are apart in the original, over its largest logit there.</summary>
    private double Gap(int[] source, int[] output, int at, int other)
    {
        using var scope = NewDisposeScope();
        using var noGradient = no_grad();
        var batch = new Batch([new ParallelExample(source, output[..(at + 1)])], [0]);
        var logits = MemoryMarshal
            .Cast<byte, float>(ModelReplicas.Logits(_original, TensorBatch.Of(batch, CPU))[at].bytes)
            .ToArray();
        return Math.Abs(logits[output[at]] - logits[other]) / logits.Max(Math.Abs);
    }

    private ExportedBleu Bleu(IReadOnlyList<Translation> original, IReadOnlyList<Translation> exported)
    {
        var (ours, theirs) = (Score(original), Score(exported));
        return new ExportedBleu(ours.Score, theirs.Score, ours.Signature);
    }

    private BleuScore Score(IReadOnlyList<Translation> translations) =>
        BleuScorer.Corpus([.. translations.Select(translation => translation.Text)], [.. _text.Targets!]);

    private static int[] Best(Translation translation) => translation.Hypotheses is [var best, ..] ? best.Tokens : [];

    private static int CommonPrefix(int[] one, int[] other) => one.AsSpan().CommonPrefixLength(other);
}
