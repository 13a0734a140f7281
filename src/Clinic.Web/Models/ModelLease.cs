namespace TransformerClinic.Web.Models;

/// <summary>A request's use of a model: until it is disposed the model stays in memory.</summary>
internal sealed class ModelLease(ServedModel model) : IDisposable
{
    private ServedModel? _model = model;

    /// <summary>The model.</summary>
    public ServedModel Model => _model ?? throw new ObjectDisposedException(nameof(ModelLease));

    /// <inheritdoc/>
    public void Dispose() => Interlocked.Exchange(ref _model, null)?.Leave();
}
