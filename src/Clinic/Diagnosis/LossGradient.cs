using TransformerClinic.Model;
using static TorchSharp.torch;

namespace TransformerClinic.Diagnosis;

/// <summary>The parameters' gradients of one loss, which are there for as long as this lives; the model's gradients are zero before and after.</summary>
internal sealed class LossGradient : IDisposable
{
    private readonly Transformer _model;

    /// <summary>Computes them.</summary>
    /// <param name="model">The model.</param>
    /// <param name="input">What it reads.</param>
    /// <param name="backward">Propagates the loss's derivative back from the logits <c>[batch, targetLength, vocabulary]</c>.</param>
    public LossGradient(Transformer model, ModelInput input, Action<Tensor> backward)
    {
        using var scope = NewDisposeScope();
        _model = model;
        Clear();
        backward(input.Forward(model));
    }

    /// <summary>Every parameter's gradient, of its shape; zeros where the loss does not depend on it. Owned by the current dispose scope.</summary>
    public IEnumerable<(string Name, Tensor Gradient)> Parameters => _model.named_parameters().Select(entry => (entry.name, entry.parameter.grad ?? zeros_like(entry.parameter)));

    /// <inheritdoc/>
    public void Dispose() => Clear();

    /// <summary>In place: an optimizer may have laid the gradients into a memory of its own.</summary>
    private void Clear() => _model.zero_grad(set_to_none: false);
}
