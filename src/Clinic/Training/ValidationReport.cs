namespace TransformerClinic.Training;

/// <summary>What a validation found, in nats a target token.</summary>
/// <param name="Update">Updates made before it.</param>
/// <param name="Loss">Label-smoothed cross entropy.</param>
/// <param name="Nll">Negative log-likelihood.</param>
public sealed record ValidationReport(long Update, double Loss, double Nll)
{
    /// <summary><c>exp(nll)</c></summary>
    public double Perplexity => Math.Exp(Nll);
}
