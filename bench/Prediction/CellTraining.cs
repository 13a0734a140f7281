using System.Diagnostics;
using TransformerClinic.Data;
using TransformerClinic.Model;
using TransformerClinic.Runs;
using TransformerClinic.Training;
using static TorchSharp.torch;

namespace TransformerClinic.Bench.Prediction;

/// <summary>What a training of the grid came to.</summary>
/// <param name="Cell">Which.</param>
/// <param name="Updates">Updates made.</param>
/// <param name="Nll">Mean negative log-likelihood over the last tenth of the updates, in nats a target token; null if it is not finite.</param>
/// <param name="UnigramNll">That of a model that knows the frequencies of words alone.</param>
/// <param name="Seconds">Time of the training.</param>
internal sealed record CellOutcome(GridCell Cell, int Updates, double? Nll, double UnigramNll, double Seconds)
{
    // The distance that reports take for learned, too (Runs/Report/Verdicts/Thresholds).
    private const double Learned = 0.5;

    /// <summary>Whether it learned more than how frequent words are.</summary>
    public bool Trained => Nll < UnigramNll - Learned;
}

/// <summary>Trains one cell of the grid, on one thread.</summary>
internal static class CellTraining
{
    public static CellOutcome Run(GridCell cell)
    {
        var clock = Stopwatch.StartNew();
        var (train, valid) = (ReversalTask.Train, ReversalTask.Valid);
        using var replicas = new ModelReplicas(() => new Transformer(cell.Model, ReversalTask.Vocabulary, Text.Vocabulary.Pad, cell.Seed), workers: 1, CPU);
        using var trainer = new Trainer(
            replicas, new TokenBatches(train, ReversalTask.TokensPerBatch), new TokenBatches(valid, ReversalTask.TokensPerBatch), cell.Training, cell.Seed);
        trainer.Profile();
        var losses = new List<double>();
        do
        {
            losses.Add(trainer.Update().Nll);
        }
        while (losses.Count < GridCell.Updates && double.IsFinite(losses[^1]));

        var nll = losses.TakeLast(GridCell.Updates / 10).Average();
        return new CellOutcome(
            cell, losses.Count, double.IsFinite(nll) ? nll : null, UnigramNll.Of(train, valid, ReversalTask.Vocabulary), clock.Elapsed.TotalSeconds);
    }
}
