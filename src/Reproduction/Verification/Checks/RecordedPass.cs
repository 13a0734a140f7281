using TransformerClinic.Model;
using TransformerClinic.Reproduction.Verification.Reference;
using static TorchSharp.torch;

namespace TransformerClinic.Reproduction.Verification.Checks;

/// <summary>
/// A forward pass of a model and what it computed, under the reference's names. Owned by the current dispose scope.
/// </summary>
internal sealed class RecordedPass(Transformer model) : IDisposable
{
    private readonly SublayerRecorder _sublayers = new(model);
    private Tensor? _encoderOutput;
    private Tensor? _logits;

    /// <summary>A tensor of the pass, batch first; null if there is none with that name.</summary>
    public Tensor? this[string name] =>
        name switch
        {
            "encoder.output" => _encoderOutput,
            "logits" => _logits,
            _ => _sublayers[name],
        };

    /// <summary>Runs the pass.</summary>
    public void Run(ReferenceBatch batch)
    {
        using var scope = NewDisposeScope();
        var memory = model.Encode(batch.Source);
        _logits = model.Project(model.Decode(batch.PreviousOutput, memory)).MoveToOuterDisposeScope();
        _encoderOutput = memory.Output.MoveToOuterDisposeScope();
    }

    /// <inheritdoc/>
    public void Dispose() => _sublayers.Dispose();
}
