using static TorchSharp.torch;

namespace TransformerClinic.Diagnosis;

/// <summary>
/// Keeps a model in evaluation mode until it is disposed: no dropout, no running statistics. Afterwards each of its
/// modules is back in the mode that it was in, and torch's random numbers on the CPU continue where they were.
/// </summary>
internal sealed class EvaluationMode : IDisposable
{
    private readonly List<(nn.Module Module, bool Training)> _before;
    private readonly Tensor _random;

    /// <summary>Switches the model to evaluation mode.</summary>
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
        // Setting a module's mode sets that of its parts, too; their own follow.
        _before.ForEach(entry => entry.Module.train(entry.Training));
        using var generator = Generator.Default;
        generator.set_state(_random);
        _random.Dispose();
    }

    private static IEnumerable<nn.Module> WithParts(nn.Module module) =>
        module.children().SelectMany(WithParts).Prepend(module);
}
