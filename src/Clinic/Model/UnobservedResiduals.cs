using TransformerClinic.Residuals;
using static TorchSharp.torch;

namespace TransformerClinic.Model;

/// <summary>
/// Connections whose observers are not told while this lives: what they compute, they have computed before.
/// </summary>
internal sealed class UnobservedResiduals : IDisposable
{
    private readonly List<(ResidualConnection Residual, Action<Tensor, Tensor, Tensor>? Observer)> _residuals;

    /// <summary>Takes the observers away.</summary>
    public UnobservedResiduals(IEnumerable<ResidualConnection> residuals)
    {
        _residuals = [.. residuals.Select(residual => (residual, residual.Observer))];
        _residuals.ForEach(entry => entry.Residual.Observer = null);
    }

    /// <summary>Puts them back.</summary>
    public void Dispose() => _residuals.ForEach(entry => entry.Residual.Observer = entry.Observer);
}
