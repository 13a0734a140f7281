using TorchSharp;
using TransformerClinic.Data;
using TransformerClinic.Diagnosis.Findings;
using TransformerClinic.Model;
using TransformerClinic.Reproduction.SmallTrainings;
using TransformerClinic.Residuals;
using TransformerClinic.Training;
using TransformerClinic.Training.Profiling;
using static TorchSharp.torch;

namespace TransformerClinic.Bench.Prediction;

/// <summary>
/// The amplification of the models of a grid before their first update, determined by depth and variant; each is
/// measured once.
/// </summary>
internal sealed class CellModel(TaskText text)
{
    private readonly Dictionary<(ResidualVariant Variant, int Layers, long Seed), double> _amplifications = [];

    /// <summary>A cell's amplification.</summary>
    public double Amplification(GridCell cell)
    {
        if (!_amplifications.TryGetValue((cell.Variant, cell.Layers, cell.Seed), out var amplification))
        {
            _amplifications[(cell.Variant, cell.Layers, cell.Seed)] = amplification = Measure(cell);
        }

        return amplification;
    }

    private double Measure(GridCell cell)
    {
        using var model = new Transformer(cell.Model, text.Vocabulary, Text.Vocabulary.Pad, cell.Seed);
        var batch = new BatchCursor(new TokenBatches(text.Train, GridCell.TokensPerBatch), cell.Seed).Next();
        ModelProfiling.Run(model, [batch], cell.Training.Profiling, cell.Seed, CPU);
        model.to(ScalarType.Float64);
        using var probe = new Probe(batch, cell.Training.LabelSmoothing);
        return PredictionRule.Amplification(model, probe);
    }
}
