using static TorchSharp.torch;

namespace TransformerClinic.Diagnosis;

/// <summary>
/// A model in evaluation mode for as long as this lives: no dropout, no running statistics. Afterwards each of its
/// modules is in the mode that it was in, and torch's random numbers on the CPU go on where they were.
/// </summary>
internal sealed class EvaluationMode : IDisposable
{
    private readonly List<(nn.Module Module, bool Training)> _before;
    private readonly Tensor _random;

    /// <summary>Begins.</summary>
    public EvaluationMode(nn.Module model)
    {
        _before = [.. WithParts(model).Select(module => (module, module.training))];
        using var generator = Generator.Default;
        _random = generator.get_state().DetachFromDisposeScope();
        model.eval();
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        // A module's mode is set for its parts, too; theirs follow.
        _before.ForEach(entry => entry.Module.train(entry.Training));
        using var generator = Generator.Default;
        generator.set_state(_random);
        _random.Dispose();
    }

    private static IEnumerable<nn.Module> WithParts(nn.Module module) =>
        module.children().SelectMany(WithParts).Prepend(module);
}
