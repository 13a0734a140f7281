using TransformerClinic.Model;
using TransformerClinic.Residuals;
using TransformerClinic.Residuals.Remedies;
using static TorchSharp.torch;

namespace TransformerClinic.Training;

/// <summary>
/// What the branches of a model are multiplied by at each update, where its options have a <see
/// cref="BranchSchedule"/>. The factors are among the weights, so a checkpoint computes what the model computed at its
/// update.
/// </summary>
internal sealed class BranchFactors
{
    private readonly List<(ResidualConnection Connection, Func<long, double> Factor)> _scheduled = [];

    /// <summary>The factors of a model's branches.</summary>
    public BranchFactors(Transformer model)
    {
        foreach (var (address, sublayer) in SublayerAddress.AllOf(model))
        {
            var stack = address.Stack == StackName.Encoder ? model.Options.Encoder : model.Options.Decoder;
            if (sublayer.Residual.BranchFactor is not null)
            {
                _scheduled.Add(
                    (
                        sublayer.Residual,
                        updates =>
                            BranchScheduleOf.Factor(
                                stack.BranchSchedule,
                                stack.BranchScheduleUpdates,
                                updates,
                                address.Layer,
                                stack.Layers
                            )
                    )
                );
            }
        }
    }

    /// <summary>Sets the factors of an update, the first of which is 1.</summary>
    public void Set(long update)
    {
        using var scope = NewDisposeScope();
        using var noGradient = no_grad();
        foreach (var (connection, factor) in _scheduled)
        {
            using TorchSharp.Scalar value = factor(Math.Max(update - 1, 0));
            connection.BranchFactor!.fill_(value);
        }
    }
}
