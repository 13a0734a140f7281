using TorchSharp;
using static TorchSharp.torch;

namespace TransformerClinic.Training.Optimizers;

/// <summary>
/// A <see cref="MomentUpdate"/> in one pass over a device's memory, by libtorch's own fused operator, which TorchSharp
/// does not bind and TorchScript calls.
/// </summary>
internal sealed class FusedMomentUpdate : IDisposable
{
    private const string Function = "step";

    private const string Script = $"""
        def {Function}(
            values: List[Tensor],
            gradients: List[Tensor],
            first: List[Tensor],
            second: List[Tensor],
            updates: List[Tensor],
            rate: float,
            beta1: float,
            beta2: float,
            decay: float,
            epsilon: float
        ):
            torch._fused_adamw_(
                values, gradients, first, second, [], updates,
                lr=rate, beta1=beta1, beta2=beta2, weight_decay=decay, eps=epsilon, amsgrad=False, maximize=False
            )
            return values

        """;

    // The operator corrects both moments for their bias, 1 - beta^updates. The step has its correction already, so the
    // operator is given a number of updates that leaves nothing to correct.
    private const double ManyUpdates = 1e9;

    private readonly jit.CompilationUnit _unit = jit.compile(Script);
    private Tensor? _updates;

    /// <summary>
    /// Changes values and moments in place, and leaves the gradients as they are; all are flat tensors of one length.
    /// </summary>
    /// <exception cref="ArgumentOutOfRangeException">
    /// The update takes no step, a case that the operator does not have.
    /// </exception>
    public void Apply(in MomentUpdate update, Tensor values, Tensor gradients, Tensor first, Tensor second)
    {
        ArgumentOutOfRangeException.ThrowIfZero(update.StepSize);
        using var scope = NewDisposeScope();
        using var noGradient = no_grad();
        using Scalar scale = update.GradientScale,
            rate = update.StepSize,
            beta1 = update.Beta1,
            beta2 = update.Beta2,
            epsilon = update.Epsilon;
        using Scalar decay = (1 - update.Decay) / update.StepSize, // which the operator multiplies by the step again
            many = ManyUpdates;
        _updates ??= full([], many, ScalarType.Float32, values.device).DetachFromDisposeScope();
        Tensor[] gradient = [gradients * scale];
        _ = _unit.invoke(
            Function,
            (Tensor[])[values],
            gradient,
            (Tensor[])[first],
            (Tensor[])[second],
            (Tensor[])[_updates],
            rate,
            beta1,
            beta2,
            decay,
            epsilon
        );
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _unit.Dispose();
        _updates?.Dispose();
    }
}
