using TransformerClinic.Model;
using TransformerClinic.Residuals;
using static TorchSharp.torch;

namespace TransformerClinic.Diagnosis;

/// <summary>
/// A forward pass of any model whose sublayers are put together by a <see cref="ResidualConnection"/>: what all
/// measurements of a diagnosis run on. The connections are found among the model's registered modules, and observed
/// through their observers.
/// </summary>
/// <remarks>
/// A measurement may run the pass more than once, and each run must compute the same: passes run in evaluation mode,
/// without dropout, and restore modes, torch's random numbers on the CPU and the connections' observers.
/// </remarks>
/// <param name="Model">Any module with connections registered below it.</param>
/// <param name="Forward">
/// One forward pass, always of the same input; a loss is computed from what it returns.
/// </param>
public sealed record DiagnosedPass(nn.Module Model, Func<Tensor> Forward)
{
    /// <summary>
    /// From a connection's module path to its stack; <see cref="ResidualChains.ByStack"/> by default.
    /// </summary>
    public Func<string, string> StackOf { get; init; } = ResidualChains.ByStack;

    /// <summary>
    /// Which positions count, by stack: boolean, of the stream's shape without its channels, <c>[batch, length]</c> for
    /// <c>[batch, length, dim]</c>. In a stack without an entry all of them count, padding too.
    /// </summary>
    public IReadOnlyDictionary<string, Tensor> RealPositions { get; init; } = new Dictionary<string, Tensor>();

    /// <summary>
    /// The pass of our Transformer, in which padding does not count. The current dispose scope owns its tensors.
    /// </summary>
    /// <param name="model">The model.</param>
    /// <param name="input">What it reads.</param>
    internal static DiagnosedPass Of(Transformer model, ModelInput input)
    {
        ArgumentNullException.ThrowIfNull(model);
        ArgumentNullException.ThrowIfNull(input);
        return new DiagnosedPass(model, () => input.Forward(model))
        {
            RealPositions = model.RealPositions(input.Source, input.PreviousOutput),
        };
    }

    /// <summary>Which positions of a stack count; null for all.</summary>
    internal Tensor? RealOf(string stack) => RealPositions.GetValueOrDefault(stack);

    /// <summary>Runs the pass.</summary>
    /// <param name="observer">Gets what each sublayer computes, in forward order.</param>
    /// <returns>What <see cref="Forward"/> returned.</returns>
    /// <exception cref="InvalidOperationException">It ran through no residual connection.</exception>
    internal Tensor Run(Action<SublayerPass> observer)
    {
        var ranThroughAny = false;
        using var evaluation = new EvaluationMode(Model);
        using var watch = new SublayerWatch(
            this,
            pass =>
            {
                ranThroughAny = true;
                observer(pass);
            }
        );
        var output = Forward();
        return ranThroughAny
            ? output
            : throw new InvalidOperationException(
                "The pass ran through no residual connection of the model: register the connections, by "
                    + "RegisterComponents() or register_module, and give a pass that goes through them."
            );
    }
}
