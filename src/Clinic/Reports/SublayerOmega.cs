using TransformerClinic.Model;
using TransformerClinic.Training.Statistics;

namespace TransformerClinic.Reports;

/// <summary>Omega of one Admin sublayer, <c>x = LN(x * omega + f(x))</c>, before and after training.</summary>
internal sealed record SublayerOmega
{
    /// <summary>The sublayer.</summary>
    public required SublayerAddress Address { get; init; }

    /// <summary>The scalar that profiling filled the vector with.</summary>
    public required double Initial { get; init; }

    /// <summary>The vector after training; null if the model was not trained.</summary>
    public OmegaSpread? Trained { get; init; }
}
