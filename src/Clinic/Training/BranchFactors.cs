using TorchSharp;
using TransformerClinic.Model;
using TransformerClinic.Residuals.Remedies;
using static TorchSharp.torch;

namespace TransformerClinic.Training;

/// <summary>
/// What the branches of a model are multiplied by at each update, where its options have a
/// <see cref="BranchSchedule"/>. The factors are among the weights, so a checkpoint computes what the model computed at
/// its update. A model that was trained before keeps those that it has.
/// </summary>
internal sealed class BranchFactors
{
    private readonly List<(Func<Tensor> Find, Func<long, double> Factor)> _scheduled = [];
    private readonly bool _beginsTrained;

    /// <summary>The factors of a model's branches.</summary>
    /// <param name="model">The model.</param>
    /// <param name="beginsTrained">Whether its weights are those of an earlier training.</param>
    public BranchFactors(Transformer model, bool beginsTrained)
    {
        _beginsTrained = beginsTrained;
        foreach (var (address, sublayer) in SublayerAddress.AllOf(model))
        {
            if (sublayer.Residual.BranchFactor is not null)
            {
                var stack = address.Stack == StackName.Encoder ? model.Options.Encoder : model.Options.Decoder;
                _scheduled.Add((() => sublayer.Residual.BranchFactor!, updates => FactorAt(stack, address, updates)));
            }
        }
    }

    /// <summary>Sets the factors of an update, the first of which is 1.</summary>
    public void Set(long update)
    {
        if (!_beginsTrained)
        {
            Fill(_scheduled.Select(entry => entry.Factor(Math.Max(update - 1, 0))));
        }
    }

    /// <summary>
    /// Takes a step of the optimizer, after which the factors are what they were: weight decay moves them.
    /// </summary>
    public void Keep(Action step)
    {
        Tensor[] before = [.. _scheduled.Select(entry => Copy(entry.Find()))];
        step();
        using var noGradient = no_grad();
        foreach (var (entry, kept) in _scheduled.Zip(before))
        {
            using var scope = NewDisposeScope();
            entry.Find().copy_(kept);
            kept.Dispose();
        }
    }

    private static Tensor Copy(Tensor factor)
    {
        using var noGradient = no_grad();
        return factor.clone().DetachFromDisposeScope();
    }

    private void Fill(IEnumerable<double> factors)
    {
        using var scope = NewDisposeScope();
        using var noGradient = no_grad();
        foreach (var (entry, factor) in _scheduled.Zip(factors))
        {
            using Scalar value = factor;
            entry.Find().fill_(value);
        }
    }

    private static double FactorAt(StackOptions stack, SublayerAddress address, long updates) =>
        BranchScheduleOf.Factor(
            stack.BranchSchedule,
            stack.BranchScheduleUpdates,
            updates,
            address.Layer,
            stack.Layers
        );
}
